import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AccessFacts } from "../facts";
import { accountTrust, boundedRole, useKey, type StackContext } from "../kit";
import { allow, type Statement } from "../policy-document";

/** Number of daily snapshots kept of each volume. */
const keptSnapshots = 7;

/**
 * Value of the tag `Snapshots` on volumes with daily snapshots: it names the stack whose lifecycle
 * policy creates them.
 */
export const snapshotTag = ({ organization, stack }: StackContext): string => `${organization}-${stack}-daily`;

/**
 * Permissions of Data Lifecycle Manager on tagged volumes: AWS's own service-role permissions, on
 * this account's snapshots.
 */
function planSnapshotStatements(context: StackContext): readonly Statement[] {
  const tagged = { StringEquals: { "aws:ResourceTag/Organization": context.organization } };
  const snapshots = `arn:aws:ec2:${context.region}::snapshot/*`;
  return [
    allow("FindVolumes", {
      Action: ["ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeVolumes"],
      Resource: "*",
    }),
    allow("SnapshotTaggedVolumes", {
      Action: "ec2:CreateSnapshot",
      Resource: context.arns.regional("ec2", "volume/*"),
      Condition: tagged,
    }),
    allow("MakeSnapshots", { Action: "ec2:CreateSnapshot", Resource: snapshots }),
    allow("TagNewSnapshots", {
      Action: "ec2:CreateTags",
      Resource: snapshots,
      Condition: { StringEquals: { "ec2:CreateAction": "CreateSnapshot" } },
    }),
    allow("DeleteOldSnapshots", { Action: "ec2:DeleteSnapshot", Resource: snapshots, Condition: tagged }),
    useKey(context, { stack: "*", purpose: "data", via: "ec2" }),
  ];
}

/** Daily snapshots of every volume of the account that carries this stack's {@link snapshotTag}. */
export function dailySnapshots(
  name: string,
  { context, access }: { readonly context: StackContext; readonly access: Pick<AccessFacts, "workloadBoundaryArn"> },
  opts: pulumi.CustomResourceOptions,
): void {
  const tags = context.tags({ Purpose: "snapshots" });
  const { role, policies } = boundedRole(
    `${name}-role`,
    {
      roleName: context.names.role("snapshots"),
      description: "Daily snapshots of homes",
      trust: accountTrust(context, "dlm.amazonaws.com"),
      boundaryArn: access.workloadBoundaryArn,
      statements: planSnapshotStatements(context),
      tags,
    },
    opts,
  );
  new aws.dlm.LifecyclePolicy(
    name,
    {
      description: "Daily snapshots of homes and of the trace store",
      executionRoleArn: role.arn,
      state: "ENABLED",
      policyDetails: {
        resourceTypes: ["VOLUME"],
        // One tag only: Data Lifecycle Manager selects volumes that carry any of several.
        targetTags: { Snapshots: snapshotTag(context) },
        schedules: [
          {
            name: "daily",
            createRule: { interval: 24, intervalUnit: "HOURS", times: "18:00" },
            retainRule: { count: keptSnapshots },
            copyTags: true,
          },
        ],
      },
      tags,
    },
    { ...opts, dependsOn: policies },
  );
}
