import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, iamPath, names, tags, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { AccessFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "../facts";
import { useKey } from "../kit";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { allow, document, serviceTrust } from "../policy-document";
import { idleStop, intervalMinutes } from "./functions";

/** Arguments of {@link WorkspaceOperations}. */
export interface WorkspaceOperationsArgs {
  readonly spec: StackSpec;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly observability: ObservabilityFacts;
}

/** Daily snapshots of a home that are kept. */
const homeSnapshots = 7;

/** Value of the tag `Snapshots` on volumes that are kept daily: it names the stack whose lifecycle policy takes them. */
export function snapshotTag(spec: StackSpec): string {
  return `${spec.platform.organization}-${spec.network ? spec.stack : spec.platform.stack}-daily`;
}

/** What Data Lifecycle Manager does with volumes that carry the tag: AWS's own service-role permissions, on this account's snapshots. */
function planSnapshotPolicy(spec: StackSpec): string {
  const regional = arns(spec).regional;
  const tagged = { StringEquals: { "aws:ResourceTag/Organization": spec.platform.organization } };
  return document(
    allow("FindVolumes", {
      Action: ["ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeVolumes"],
      Resource: "*",
    }),
    allow("SnapshotTaggedVolumes", {
      Action: "ec2:CreateSnapshot",
      Resource: regional("ec2", "volume/*"),
      Condition: tagged,
    }),
    allow("MakeSnapshots", {
      Action: "ec2:CreateSnapshot",
      Resource: `arn:aws:ec2:${spec.region}::snapshot/*`,
    }),
    allow("TagNewSnapshots", {
      Action: "ec2:CreateTags",
      Resource: `arn:aws:ec2:${spec.region}::snapshot/*`,
      Condition: { StringEquals: { "ec2:CreateAction": "CreateSnapshot" } },
    }),
    allow("DeleteOldSnapshots", {
      Action: "ec2:DeleteSnapshot",
      Resource: `arn:aws:ec2:${spec.region}::snapshot/*`,
      Condition: tagged,
    }),
    useKey(contextOf(spec), { stack: "*", purpose: "data", via: "ec2" }),
  );
}

/**
 * What all workspaces of a network share: the function that stops idle ones and starts those whose working time begins, and daily
 * snapshots of the homes.
 *
 * Cost: snapshots, $.05 a GB-month of changes; the function's runs are cents.
 */
export class WorkspaceOperations extends pulumi.ComponentResource {
  constructor(name: string, args: WorkspaceOperationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:workspace:WorkspaceOperations", name, {}, opts);
    const { spec, network, keys, access, observability } = args;
    const child = { parent: this };
    const plan = idleStop(spec);

    const made = new LambdaFunction(
      `${name}-idle-stop`,
      {
        context: contextOf(spec),
        ...plan,
        access,
        keys,
        network,
        environment: {
          ORGANIZATION: spec.platform.organization,
          TIME_ZONE: spec.platform.timeZone,
          INTERVAL_MINUTES: String(intervalMinutes),
        },
        alarmTopicArn: observability.alarmTopicArn,
      },
      child,
    );
    new FunctionSchedule(
      `${name}-idle-stop`,
      { context: contextOf(spec), purpose: plan.purpose, ...plan.schedule, functionArn: made.arn, access, keys },
      child,
    );

    const role = new aws.iam.Role(
      `${name}-snapshots-role`,
      {
        name: names(spec.platform.organization).role(spec.stack, "snapshots"),
        path: iamPath,
        description: "Daily snapshots of homes",
        assumeRolePolicy: serviceTrust("dlm.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": spec.accountId },
        }),
        permissionsBoundary: access.workloadBoundaryArn,
        tags: tags(spec, { Purpose: "snapshots" }),
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-snapshots-policy`,
      { role: role.name, policy: planSnapshotPolicy(spec) },
      child,
    );
    new aws.dlm.LifecyclePolicy(
      `${name}-snapshots`,
      {
        description: "Daily snapshots of homes and of the trace store",
        executionRoleArn: role.arn,
        state: "ENABLED",
        policyDetails: {
          resourceTypes: ["VOLUME"],
          // One tag only: Data Lifecycle Manager takes volumes that carry any of several.
          targetTags: { Snapshots: snapshotTag(spec) },
          schedules: [
            {
              name: "daily",
              createRule: { interval: 24, intervalUnit: "HOURS", times: "18:00" },
              retainRule: { count: homeSnapshots },
              copyTags: true,
            },
          ],
        },
        tags: tags(spec, { Purpose: "snapshots" }),
      },
      { ...child, dependsOn: policy },
    );
    this.registerOutputs({});
  }
}
