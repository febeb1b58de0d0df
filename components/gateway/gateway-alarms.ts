import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { tags, type GatewaySpec, type StackSpec } from "../../config";
import { canaryNamespace } from "./functions";
import type { GatewayLoadBalancer } from "./load-balancer";

/** Arguments of {@link gatewayAlarms}. */
export interface GatewayAlarmsArgs {
  readonly spec: StackSpec;
  readonly gateway: GatewaySpec;
  readonly clusterName: string;
  readonly serviceName: string;
  /** Where the tasks' logs are. */
  readonly logGroupName: pulumi.Input<string>;
  readonly loadBalancer: GatewayLoadBalancer;
  readonly topicArn: pulumi.Input<string>;
}

type AlarmBody = Pick<
  aws.cloudwatch.MetricAlarmArgs,
  "namespace" | "metricName" | "dimensions" | "statistic" | "threshold" | "comparisonOperator" | "treatMissingData"
> & { readonly alarmDescription: string; readonly evaluationPeriods?: number; readonly datapointsToAlarm?: number };

/** What the hook writes (cline_gateway/outage.py) when it does not reach Valkey, at most once a second for each worker; also the metric's name. */
const unqueued = "admission_unavailable";

/** Alarms of the gateway, each with its runbook under docs/runbooks. */
export function gatewayAlarms(name: string, args: GatewayAlarmsArgs, opts: pulumi.CustomResourceOptions): void {
  const { spec, gateway, clusterName, serviceName, logGroupName, loadBalancer, topicArn } = args;
  const balancer = { LoadBalancer: loadBalancer.arnSuffix, TargetGroup: loadBalancer.targetGroupSuffix };
  const service = { ClusterName: clusterName, ServiceName: serviceName };
  const canary = { Stack: spec.stack };
  const alarms: Readonly<Record<string, AlarmBody>> = {
    "keys-refused": {
      alarmDescription:
        "The gateway refuses a valid virtual key, or does not answer it, whatever its health checks say",
      namespace: canaryNamespace,
      metricName: "VirtualKeyAccepted",
      dimensions: canary,
      statistic: "Minimum",
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      // No canary is no proof.
      treatMissingData: "breaching",
    },
    unready: {
      alarmDescription: "The gateway reports its database as gone; it says nothing of its cache",
      namespace: canaryNamespace,
      metricName: "Ready",
      dimensions: canary,
      statistic: "Minimum",
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
    },
    unqueued: {
      alarmDescription:
        "A worker of the gateway does not reach its cache: requests go on without a queue, and are refused after the grace time",
      namespace: canaryNamespace,
      metricName: unqueued,
      statistic: "Sum",
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      // A minute of grace leaves no time to look three times.
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    },
    errors: {
      alarmDescription: "The gateway answered more than ten requests a minute with a fault of its own",
      namespace: "AWS/ApplicationELB",
      metricName: "HTTPCode_Target_5XX_Count",
      dimensions: balancer,
      statistic: "Sum",
      threshold: 10,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
    },
    unhealthy: {
      alarmDescription: "A task of the gateway does not answer the load balancer",
      namespace: "AWS/ApplicationELB",
      metricName: "UnHealthyHostCount",
      dimensions: balancer,
      statistic: "Maximum",
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
    },
    "too-few-tasks": {
      alarmDescription: `Fewer than ${String(gateway.minTasks)} tasks of the gateway run`,
      namespace: "ECS/ContainerInsights",
      metricName: "RunningTaskCount",
      dimensions: service,
      statistic: "Minimum",
      threshold: gateway.minTasks,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
    },
    "at-ceiling": {
      alarmDescription: `The gateway runs at its ceiling of ${String(gateway.maxTasks)} tasks`,
      namespace: "ECS/ContainerInsights",
      metricName: "RunningTaskCount",
      dimensions: service,
      statistic: "Maximum",
      threshold: gateway.maxTasks,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      treatMissingData: "notBreaching",
    },
  };
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
  for (const [noun, body] of Object.entries(alarms)) {
    new aws.cloudwatch.MetricAlarm(
      `${name}-${noun}`,
      {
        period: 60,
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        ...body,
        alarmActions: [topicArn],
        okActions: [topicArn],
        tags: tags(spec, { Purpose: "gateway" }),
      },
      opts,
    );
  }
}
