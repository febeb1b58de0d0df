import type { ScheduledFunction } from "../actions/function-plan";
import { hasAlias, type StackContext } from "../kit";
import { allow, type Statement } from "../policy-document";

/** Interval of the workspace check in minutes. */
export const intervalMinutes = 10;

/**
 * Permissions to start an instance with encrypted volumes: EC2 requests a grant in the caller's
 * name, and stops the instance again without it.
 */
function startGrant(context: StackContext): Statement {
  return allow("GrantVolumesToStartedInstances", {
    Action: "kms:CreateGrant",
    Resource: context.arns.regional("kms", "key/*"),
    Condition: {
      ...hasAlias(context.of("*"), "data"),
      StringEquals: { "kms:ViaService": `ec2.${context.region}.amazonaws.com` },
      Bool: { "kms:GrantIsForAWSResource": "true" },
    },
  });
}

/** Stops idle workspaces and starts those whose working time begins, in this organization only. */
export const idleStop = (context: StackContext): ScheduledFunction => ({
  purpose: "idle-stop",
  description: "Stops idle workspaces and starts those whose working time begins",
  place: "network",
  schedule: { expression: `rate(${String(intervalMinutes)} minutes)` },
  timeout: 300,
  statements: [
    allow("LookAtWorkspaces", {
      Action: ["ec2:DescribeInstances", "ssm:DescribeSessions", "cloudwatch:GetMetricData"],
      Resource: "*",
    }),
    allow("StartAndStopWorkspaces", {
      Action: ["ec2:StartInstances", "ec2:StopInstances"],
      Resource: context.arns.regional("ec2", "instance/*"),
      Condition: {
        StringEquals: {
          "aws:ResourceTag/Organization": context.organization,
          "aws:ResourceTag/Purpose": "workspace",
        },
      },
    }),
    startGrant(context),
  ],
});

/** All functions around workspaces. */
export const workspaceFunctions = [idleStop] as const;
