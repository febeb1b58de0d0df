import type { ScheduledFunction } from "../actions/function-plan";
import { batchRunnerPurpose, readLedgers } from "../gateway/batch-policies";
import { toManagement } from "../gateway/listeners";
import { secretPurposes } from "../gateway/task-policies";
import { useKey, type StackContext } from "../kit";
import { allow, type Statement } from "../policy-document";
import { spendNamespace } from "./spend-alarms";

const reportBucket = ({ arns, names }: StackContext): string => arns.bucket(names.bucket("reports"));

const writeReports = (context: StackContext, prefixes: readonly string[]): readonly Statement[] => [
  allow("WriteReports", {
    Action: "s3:PutObject",
    Resource: prefixes.map((prefix) => `${reportBucket(context)}/${prefix}/*`),
  }),
  useKey(context, { purpose: "data", via: "s3" }),
];

/** Permissions of every function that reads the gateway's spend. */
const readSpend = (context: StackContext): readonly Statement[] => [
  allow("ReadMasterKey", {
    Action: "secretsmanager:GetSecretValue",
    Resource: context.arns.secret(context.names.secret(secretPurposes.masterKey)),
  }),
  useKey(context, { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
  allow("PublishMetrics", {
    Action: "cloudwatch:PutMetricData",
    Resource: "*",
    Condition: { StringEquals: { "cloudwatch:namespace": spendNamespace } },
  }),
  ...readLedgers(context),
  { ...useKey(context, { purpose: "data", via: "s3", actions: ["kms:Decrypt"] }), Sid: "ReadLedgersKey" },
];

/** Writes the daily report. */
export const usageReport = (context: StackContext): ScheduledFunction => ({
  purpose: "usage-report",
  description: "Reports use and forecasts every budget's month",
  place: "network",
  connects: toManagement,
  schedule: { expression: "cron(0 7 * * ? *)" },
  timeout: 900,
  memory: 1024,
  statements: [
    ...readSpend(context),
    ...writeReports(context, ["organization", "departments"]),
    allow("ReadBill", { Action: "s3:GetObject", Resource: `${reportBucket(context)}/bill/current.json` }),
  ],
});

/** Publishes the used part of each budget. */
export const spendCheck = (context: StackContext): ScheduledFunction => ({
  purpose: "spend-check",
  description: "Publishes how much of each budget is used",
  place: "network",
  connects: toManagement,
  schedule: { expression: "rate(5 minutes)" },
  timeout: 120,
  statements: readSpend(context),
});

/** Reads AWS's bill. Cost Explorer has no endpoint in the network. */
export const billReader = (context: StackContext): ScheduledFunction => ({
  purpose: "bill-reader",
  description: "Reads this month's bill by department and leaves it beside the reports",
  place: "outside",
  schedule: { expression: "cron(30 6 * * ? *)" },
  statements: [allow("ReadBill", { Action: "ce:GetCostAndUsage", Resource: "*" }), ...writeReports(context, ["bill"])],
});

/** Names of the roles that a budget stop applies to: the gateway's tasks and the batch runner. */
export const stoppedRoles = ({ names }: StackContext): readonly string[] =>
  ["gateway-task", batchRunnerPurpose].map(names.role);

/**
 * Stops departments that have exhausted their budget. IAM and Budgets have no endpoint in the
 * network.
 */
export const budgetStop = (context: StackContext): ScheduledFunction => ({
  purpose: "budget-stop",
  description: "Denies models to departments that have spent their budget, and lifts it",
  place: "outside",
  schedule: { expression: "rate(1 hour)" },
  statements: [
    allow("ReadBudgets", {
      Action: "budgets:ViewBudget",
      Resource: `arn:aws:budgets::${context.accountId}:budget/*`,
    }),
    // Whatever is written stays within the roles' boundaries; any content but the stop's alarms
    // (components/observability/security-events.ts).
    allow("KeepOneDenyDocument", {
      Action: ["iam:DeleteRolePolicy", "iam:PutRolePolicy"],
      Resource: stoppedRoles(context).map(context.arns.role),
      Condition: {
        ArnEquals: {
          "iam:PermissionsBoundary": (["gateway", "workload"] as const).map((kind) =>
            context.arns.policy(context.names.boundary(kind)),
          ),
        },
      },
    }),
    allow("ReadIt", { Action: "iam:GetRolePolicy", Resource: stoppedRoles(context).map(context.arns.role) }),
    allow("FindBatches", { Action: "bedrock:ListModelInvocationJobs", Resource: "*" }),
    allow("StopBatches", {
      Action: "bedrock:StopModelInvocationJob",
      Resource: context.arns.regional("bedrock", "model-invocation-job/*"),
      Condition: { StringEquals: { "aws:ResourceTag/Organization": context.organization } },
    }),
  ],
});

/** All functions that watch costs. */
export const costFunctions = [usageReport, spendCheck, billReader, budgetStop] as const;
