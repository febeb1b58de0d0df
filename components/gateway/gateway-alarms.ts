import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { GatewaySpec } from "../../config";
import { alarm, type AlarmArgs, type StackContext } from "../kit";
import { canaryNamespace } from "./functions";
import type { GatewayLoadBalancer } from "./load-balancer";

/** Arguments of {@link gatewayAlarms}. */
export interface GatewayAlarmsArgs {
  readonly context: StackContext;
  /** Floor and ceiling of tasks. */
  readonly gateway: Pick<GatewaySpec, "minTasks" | "maxTasks">;
  readonly clusterName: string;
  readonly serviceName: string;
  /** Log group of the tasks. */
  readonly logGroupName: pulumi.Input<string>;
  readonly loadBalancer: Pick<GatewayLoadBalancer, "arnSuffix" | "targets">;
  readonly topicArn: pulumi.Input<string>;
}

type AlarmBody = Pick<
  AlarmArgs,
  "description" | "namespace" | "metricName" | "dimensions" | "statistic" | "threshold" | "comparisonOperator"
> &
  Partial<Pick<AlarmArgs, "evaluationPeriods" | "datapointsToAlarm" | "treatMissingData">>;
type Alarms = Readonly<Record<string, AlarmBody>>;

/** What the hook writes (cline_gateway/outage.py) when it does not reach Valkey, at most once a second for each worker; also the metric's name. */
const unqueued = "admission_unavailable";

const above = { comparisonOperator: "GreaterThanThreshold", treatMissingData: "notBreaching" } as const;
/** Missing data breaches: no canary is no proof. */
const below = { comparisonOperator: "LessThanThreshold", treatMissingData: "breaching" } as const;

/** The canary's call with a virtual key fails: no developer can work. */
function keysRefused({ context }: GatewayAlarmsArgs): AlarmBody {
  return {
    description: "The gateway refuses a valid virtual key, or does not answer it, whatever its health checks say",
    namespace: canaryNamespace,
    metricName: "VirtualKeyAccepted",
    dimensions: { Stack: context.stack },
    statistic: "Minimum",
    threshold: 1,
    ...below,
  };
}

/** What the canary and the hook report besides. */
function reported({ context }: GatewayAlarmsArgs): Alarms {
  return {
    unready: {
      description: "The gateway reports its database as gone; it says nothing of its cache",
      namespace: canaryNamespace,
      metricName: "Ready",
      dimensions: { Stack: context.stack },
      statistic: "Minimum",
      threshold: 1,
      ...below,
    },
    unqueued: {
      description:
        "A worker of the gateway does not reach its cache: requests go on without a queue, and are refused after the grace time",
      namespace: canaryNamespace,
      metricName: unqueued,
      statistic: "Sum",
      threshold: 0,
      ...above,
      // A minute of grace leaves no time to look three times.
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    },
  };
}

/** What the load balancer counts. */
function balanced({ loadBalancer }: GatewayAlarmsArgs): Alarms {
  const dimensions = { LoadBalancer: loadBalancer.arnSuffix, TargetGroup: loadBalancer.targets.api.arnSuffix };
  return {
    errors: {
      description: "The gateway answered more than ten requests a minute with a fault of its own",
      namespace: "AWS/ApplicationELB",
      metricName: "HTTPCode_Target_5XX_Count",
      dimensions,
      statistic: "Sum",
      threshold: 10,
      ...above,
    },
    unhealthy: {
      description: "A task of the gateway does not answer the load balancer",
      namespace: "AWS/ApplicationELB",
      metricName: "UnHealthyHostCount",
      dimensions,
      statistic: "Maximum",
      threshold: 0,
      ...above,
    },
  };
}

/** How many tasks run. */
function counted({ gateway, clusterName, serviceName }: GatewayAlarmsArgs): Alarms {
  const dimensions = { ClusterName: clusterName, ServiceName: serviceName };
  return {
    "too-few-tasks": {
      description: `Fewer than ${String(gateway.minTasks)} tasks of the gateway run`,
      namespace: "ECS/ContainerInsights",
      metricName: "RunningTaskCount",
      dimensions,
      statistic: "Minimum",
      threshold: gateway.minTasks,
      ...below,
    },
    "at-ceiling": {
      description: `The gateway runs at its ceiling of ${String(gateway.maxTasks)} tasks`,
      namespace: "ECS/ContainerInsights",
      metricName: "RunningTaskCount",
      dimensions,
      statistic: "Maximum",
      threshold: gateway.maxTasks,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      treatMissingData: "notBreaching",
    },
  };
}

/**
 * Alarms of the gateway, each at three minutes in a row unless it says otherwise.
 *
 * @returns the one that says that nobody can work with the gateway.
 */
export function gatewayAlarms(
  name: string,
  args: GatewayAlarmsArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
  const { context, logGroupName, topicArn } = args;
  new aws.cloudwatch.LogMetricFilter(
    `${name}-unqueued-filter`,
    {
      name: unqueued,
      logGroupName,
      pattern: `"${unqueued}"`,
      metricTransformation: { namespace: canaryNamespace, name: unqueued, value: "1", defaultValue: "0" },
    },
    opts,
  );
  const make = (noun: string, body: AlarmBody) =>
    alarm(
      `${name}-${noun}`,
      {
        runbook: "alarms-of-the-gateway",
        audience: "infrastructure",
        period: 60,
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        ...body,
        topicArn,
        tags: context.tags({ Purpose: "gateway" }),
      },
      opts,
    );
  for (const [noun, body] of Object.entries({ ...reported(args), ...balanced(args), ...counted(args) })) {
    make(noun, body);
  }
  return make("keys-refused", keysRefused(args));
}
