import * as pulumi from "@pulumi/pulumi";
import { arns, names, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { ScheduledFunction } from "../actions/function-plan";
import type { AccessFacts, GatewayFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "../facts";
import { reachGateway } from "../gateway-reach";
import { secretPurposes } from "../gateway/task-policies";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { PrivateBucket } from "../storage";
import { billReader, spendCheck, usageReport } from "./functions";
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
    const billReaderRole = known.role(spec.stack, "bill-reader");
    const paysTheBill = spec.department === undefined && platform.billing?.accountId === spec.accountId;

    const bucket = new PrivateBucket(
      `${name}-reports`,
      {
        context: contextOf(spec),
        purpose: "reports",
        key: keys.data,
        retentionDays: spec.dataControl.reports.retentionDays,
        outsidePrincipals: [
          // Leads and auditors read their reports from outside the VPC.
          arns(spec).role(known.leadRole("*")),
          arns(spec).role(known.auditorRole()),
          ...(paysTheBill ? [arns(spec).role(billReaderRole)] : []),
        ],
      },
      child,
    );
    const environment = { REPORT_BUCKET: bucket.bucketName };
    this.#gatewayFunction(name, args, usageReport(spec), environment);
    this.#gatewayFunction(name, args, spendCheck(spec), {});
    if (paysTheBill) {
      const plan = billReader(spec);
      const reader = new LambdaFunction(
        `${name}-bill-reader`,
        { context: contextOf(spec), ...plan, access, keys, environment, alarmTopicArn: observability.alarmTopicArn },
        child,
      );
      new FunctionSchedule(
        `${name}-bill-reader-clock`,
        { context: contextOf(spec), purpose: plan.purpose, ...plan.schedule, functionArn: reader.arn, access, keys },
        child,
      );
    }
    this.reportBucket = bucket.bucketName;
    this.registerOutputs({ reportBucket: this.reportBucket });
  }

  #gatewayFunction(
    name: string,
    args: UsageAnalysisArgs,
    plan: ScheduledFunction,
    environment: Readonly<Record<string, pulumi.Input<string>>>,
  ): void {
    const { spec, network, gateway, keys, access, observability } = args;
    const reach = reachGateway(contextOf(spec), gateway);
    const made = new LambdaFunction(
      `${name}-${plan.purpose}`,
      {
        context: contextOf(spec),
        ...plan,
        network,
        keys,
        access,
        alarmTopicArn: observability.alarmTopicArn,
        reaches: reach.reaches,
        environment: {
          ...reach.environment,
          ORGANIZATION_BUDGET_USD: String(spec.platform.monthlyBudgetUsd),
          METRIC_NAMESPACE: spendNamespace,
          MASTER_KEY_SECRET_NAME: names(spec.platform.organization).secret(spec.stack, secretPurposes.masterKey),
          ...environment,
        },
      },
      { parent: this },
    );
    new FunctionSchedule(
      `${name}-${plan.purpose}-clock`,
      { context: contextOf(spec), purpose: plan.purpose, ...plan.schedule, functionArn: made.arn, access, keys },
      { parent: this },
    );
  }
}
