import * as pulumi from "@pulumi/pulumi";
import { arns, names, type StackSpec } from "../../config";
import type { AccessFacts, GatewayFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "../facts";
import { reachGateway } from "../gateway-reach";
import { readLedgers } from "../gateway/batch-policies";
import { secretPurposes } from "../gateway/task-policies";
import { useKey } from "../key-use";
import { FunctionSchedule, LambdaFunction, type LambdaFunctionArgs } from "../lambda";
import { allow, type Statement } from "../policy-document";
import { PrivateBucket } from "../storage";
import { spendNamespace } from "./spend-alarms";

/** Arguments of {@link UsageAnalysis}. */
export interface UsageAnalysisArgs {
  readonly spec: StackSpec;
  readonly network: NetworkFacts;
  readonly gateway: GatewayFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly observability: ObservabilityFacts;
}

/**
 * What a gateway's use costs and where it is heading: every five minutes how much of each budget is used, every morning a report as HTML and
 * CSV with a forecast for each department and everyone together, and, where this account pays the bill, AWS's own numbers beside it.
 *
 * Reports lie under `organization/` for the infrastructure team and `departments/NAME/` for that department's lead.
 * Cost: metrics, $.30 a month for each department and each of its models.
 */
export class UsageAnalysis extends pulumi.ComponentResource {
  readonly reportBucket: pulumi.Output<string>;

  constructor(name: string, args: UsageAnalysisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:cost:UsageAnalysis", name, {}, opts);
    const { spec, keys, access, observability } = args;
    const { platform } = spec;
    const known = names(platform.organization);
    const child = { parent: this };
    const billReader = known.role(spec.stack, "bill-reader");
    const paysTheBill = spec.department === undefined && platform.billing?.accountId === spec.accountId;

    const bucket = new PrivateBucket(
      `${name}-reports`,
      {
        spec,
        purpose: "reports",
        key: keys.data,
        retentionDays: spec.dataControl.reports.retentionDays,
        outsidePrincipals: [
          // Leads and auditors read their reports from outside the VPC.
          arns(spec).role(known.leadRole("*")),
          arns(spec).role(known.auditorRole()),
          ...(paysTheBill ? [arns(spec).role(billReader)] : []),
        ],
      },
      child,
    );
    const bucketArn = arns(spec).bucket(known.bucket(spec.stack, "reports", spec.accountId, spec.region));
    const writeReports = (prefixes: readonly string[]): readonly Statement[] => [
      allow("WriteReports", { Action: "s3:PutObject", Resource: prefixes.map((prefix) => `${bucketArn}/${prefix}/*`) }),
      useKey(spec, { purpose: "data", via: "s3" }),
    ];

    this.#gatewayFunction(name, args, {
      purpose: "usage-report",
      description: "Reports use and forecasts every budget's month",
      expression: "cron(0 7 * * ? *)",
      timeout: 900,
      memory: 1024,
      environment: { REPORT_BUCKET: bucket.bucketName },
      statements: [
        ...writeReports(["organization", "departments"]),
        allow("ReadBill", { Action: "s3:GetObject", Resource: `${bucketArn}/bill/current.json` }),
      ],
    });
    this.#gatewayFunction(name, args, {
      purpose: "spend-check",
      description: "Publishes how much of each budget is used",
      expression: "rate(5 minutes)",
      timeout: 120,
      environment: {},
      statements: [],
    });
    if (paysTheBill) {
      const reader = new LambdaFunction(
        `${name}-bill-reader`,
        {
          spec,
          purpose: "bill-reader",
          // Cost Explorer has no endpoint in the VPC: a standing exemption.
          description: "Reads this month's bill by department and leaves it beside the reports",
          access,
          keys,
          statements: [allow("ReadBill", { Action: "ce:GetCostAndUsage", Resource: "*" }), ...writeReports(["bill"])],
          environment: { REPORT_BUCKET: bucket.bucketName },
          alarmTopicArn: observability.alarmTopicArn,
        },
        child,
      );
      new FunctionSchedule(
        `${name}-bill-reader-clock`,
        { spec, purpose: "bill-reader", expression: "cron(30 6 * * ? *)", functionArn: reader.arn, access, keys },
        child,
      );
    }
    this.reportBucket = bucket.bucketName;
    this.registerOutputs({ reportBucket: this.reportBucket });
  }

  #gatewayFunction(
    name: string,
    args: UsageAnalysisArgs,
    own: Required<Pick<LambdaFunctionArgs, "purpose" | "description" | "timeout" | "environment" | "statements">> & {
      readonly memory?: number;
      readonly expression: string;
    },
  ): void {
    const { spec, network, gateway, keys, access, observability } = args;
    const { expression, ...settings } = own;
    const masterKey = names(spec.platform.organization).secret(spec.stack, secretPurposes.masterKey);
    const reach = reachGateway({ spec, gateway });
    const made = new LambdaFunction(
      `${name}-${own.purpose}`,
      {
        spec,
        network,
        keys,
        access,
        alarmTopicArn: observability.alarmTopicArn,
        reaches: reach.reaches,
        ...settings,
        statements: [
          allow("ReadMasterKey", {
            Action: "secretsmanager:GetSecretValue",
            Resource: arns(spec).secret(masterKey),
          }),
          useKey(spec, { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
          allow("PublishMetrics", {
            Action: "cloudwatch:PutMetricData",
            Resource: "*",
            Condition: { StringEquals: { "cloudwatch:namespace": spendNamespace } },
          }),
          ...readLedgers(spec),
          { ...useKey(spec, { purpose: "data", via: "s3", actions: ["kms:Decrypt"] }), Sid: "ReadLedgersKey" },
          ...own.statements,
        ],
        environment: {
          ...reach.environment,
          ORGANIZATION_BUDGET_USD: String(spec.platform.monthlyBudgetUsd),
          METRIC_NAMESPACE: spendNamespace,
          MASTER_KEY_SECRET_NAME: masterKey,
          ...own.environment,
        },
      },
      { parent: this },
    );
    new FunctionSchedule(
      `${name}-${own.purpose}-clock`,
      { spec, purpose: own.purpose, expression, functionArn: made.arn, access, keys },
      { parent: this },
    );
  }
}
