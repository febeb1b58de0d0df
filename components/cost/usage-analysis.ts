import * as pulumi from "@pulumi/pulumi";
import type { ScheduledFunction } from "../actions/function-plan";
import type { AccessFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "../facts";
import { reachGateway, type GatewayReach } from "../gateway-reach";
import type { StackContext } from "../kit";
import { secretPurposes } from "../gateway/task-policies";
import { FunctionSchedule, LambdaFunction, type LambdaFunctionArgs } from "../lambda";
import { PrivateBucket } from "../storage";
import { spendNamespace } from "./spend-alarms";

/** Arguments of {@link UsageAnalysis}. */
export interface UsageAnalysisArgs {
  readonly context: StackContext;
  /** The organization's budget for models, in US dollars a month. */
  readonly monthlyBudgetUsd: number;
  /**
   * The functions, with their schedules and permissions. `billReader` only where this account pays
   * the bill.
   */
  readonly functions: {
    readonly usageReport: ScheduledFunction;
    readonly spendCheck: ScheduledFunction;
    readonly billReader?: ScheduledFunction;
  };
  readonly network: NetworkFacts;
  readonly gateway: GatewayReach;
  readonly keys: KeyFacts;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  readonly observability: Pick<ObservabilityFacts, "alarmTopicArn">;
}

/**
 * Cost and forecast of a gateway's use. Every five minutes it publishes the used part of each
 * budget as metrics. Every morning it writes a report as HTML and CSV, with a forecast for each
 * department and the organization. Where this account pays the bill, the report shows AWS's own
 * numbers, too.
 *
 * S3 key layout: `organization/` for the infrastructure team, `departments/NAME/` for that
 * department's lead.
 *
 * Cost: metrics, $.30 a month for each department and each of its models.
 */
export class UsageAnalysis extends pulumi.ComponentResource {
  readonly reportBucket: pulumi.Output<string>;

  constructor(name: string, args: UsageAnalysisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:cost:UsageAnalysis", name, {}, opts);
    const { context, functions, keys } = args;
    const { names, arns } = context;

    const bucket = new PrivateBucket(
      `${name}-reports`,
      {
        context,
        purpose: "reports",
        key: keys.data,
        retentionDays: context.retentionDays.reports,
        outsidePrincipals: [
          // Leads and auditors read their reports from outside the VPC.
          arns.role(context.of("*").names.leadRole()),
          arns.role(names.auditorRole()),
          ...(functions.billReader ? [arns.role(names.role(functions.billReader.purpose))] : []),
        ],
      },
      { parent: this },
    );
    const environment = { REPORT_BUCKET: bucket.bucketName };
    this.#gatewayFunction(name, args, functions.usageReport, environment);
    this.#gatewayFunction(name, args, functions.spendCheck, {});
    if (functions.billReader) this.#scheduled(name, args, functions.billReader, { environment });
    this.reportBucket = bucket.bucketName;
    this.registerOutputs({ reportBucket: this.reportBucket });
  }

  /** A function in the network that reads the gateway's spend. */
  #gatewayFunction(
    name: string,
    args: UsageAnalysisArgs,
    plan: ScheduledFunction,
    environment: Readonly<Record<string, pulumi.Input<string>>>,
  ): void {
    const { context, network, gateway } = args;
    const { environment: ofGateway, ...reach } = reachGateway(context, plan, gateway);
    this.#scheduled(name, args, plan, {
      network,
      ...reach,
      environment: {
        ...ofGateway,
        ORGANIZATION_BUDGET_USD: String(args.monthlyBudgetUsd),
        METRIC_NAMESPACE: spendNamespace,
        MASTER_KEY_SECRET_NAME: context.names.secret(secretPurposes.masterKey),
        ...environment,
      },
    });
  }

  #scheduled(
    name: string,
    { context, keys, access, observability }: UsageAnalysisArgs,
    plan: ScheduledFunction,
    more: Pick<LambdaFunctionArgs, "network" | "reaches" | "memberOf" | "environment">,
  ): void {
    const made = new LambdaFunction(
      `${name}-${plan.purpose}`,
      { context, ...plan, ...more, keys, access, alarmTopicArn: observability.alarmTopicArn },
      { parent: this },
    );
    new FunctionSchedule(
      `${name}-${plan.purpose}-clock`,
      { context, purpose: plan.purpose, ...plan.schedule, functionArn: made.arn, access, keys },
      { parent: this },
    );
  }
}
