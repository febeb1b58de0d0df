import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GatewaySpec } from "../../config";
import { alarm, type StackContext } from "../kit";
import { requestsPerTask } from "./capacity";
import type { GatewayLoadBalancer } from "./load-balancer";

/** Arguments of {@link serviceScaling}. */
export interface ServiceScalingArgs {
  readonly context: StackContext;
  /** Floor and ceiling of tasks. */
  readonly gateway: Pick<GatewaySpec, "minTasks" | "maxTasks">;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly loadBalancer: Pick<GatewayLoadBalancer, "arnSuffix" | "targets">;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Seconds that nine of ten answers take at most; above, tasks are added. */
const slowSeconds = 90;

type PolicyBody = Omit<aws.appautoscaling.PolicyArgs, "resourceId" | "scalableDimension" | "serviceNamespace">;

/** Keeps a metric at a value. Tasks are removed slowly: their answers take minutes. */
const tracking = (
  metric: NonNullable<
    aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration["predefinedMetricSpecification"]
  >,
  targetValue: number,
): PolicyBody => ({
  policyType: "TargetTrackingScaling",
  targetTrackingScalingPolicyConfiguration: {
    predefinedMetricSpecification: metric,
    targetValue,
    scaleOutCooldown: 60,
    scaleInCooldown: 600,
  },
});

const oneMoreTask: PolicyBody = {
  policyType: "StepScaling",
  stepScalingPolicyConfiguration: {
    adjustmentType: "ChangeInCapacity",
    cooldown: 300,
    metricAggregationType: "Average",
    stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
  },
};

/** Scales tasks by requests, CPU and slow answers, between floor and ceiling. */
export function serviceScaling(name: string, args: ServiceScalingArgs, opts: pulumi.CustomResourceOptions): void {
  const { context, gateway, clusterName, serviceName, loadBalancer } = args;
  const target = new aws.appautoscaling.Target(
    `${name}-scaling`,
    {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${clusterName}/${serviceName}`,
      minCapacity: gateway.minTasks,
      maxCapacity: gateway.maxTasks,
      tags: context.tags({ Purpose: "gateway" }),
    },
    opts,
  );
  const { serviceNamespace, scalableDimension, resourceId } = target;
  const policy = (noun: string, body: PolicyBody) =>
    new aws.appautoscaling.Policy(
      `${name}-by-${noun}`,
      { serviceNamespace, scalableDimension, resourceId, ...body },
      opts,
    );
  const resourceLabel = pulumi.interpolate`${loadBalancer.arnSuffix}/${loadBalancer.targets.api.arnSuffix}`;
  policy("requests", tracking({ predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel }, requestsPerTask));
  policy("cpu", tracking({ predefinedMetricType: "ECSServiceAverageCPUUtilization" }, 60));
  slowAlarm(name, args, policy("latency", oneMoreTask), opts);
}

/** Adds a task while answers are slow, and tells the infrastructure team. */
function slowAlarm(
  name: string,
  { context, loadBalancer, alarmTopicArn }: ServiceScalingArgs,
  addTask: aws.appautoscaling.Policy,
  opts: pulumi.CustomResourceOptions,
): void {
  alarm(
    `${name}-slow`,
    {
      description: `One answer of ten takes over ${String(slowSeconds)} s: a task is added; look at Bedrock's throttling, too`,
      runbook: "alarms-of-the-gateway",
      audience: "infrastructure",
      namespace: "AWS/ApplicationELB",
      metricName: "TargetResponseTime",
      dimensions: { LoadBalancer: loadBalancer.arnSuffix, TargetGroup: loadBalancer.targets.api.arnSuffix },
      extendedStatistic: "p90",
      period: 60,
      evaluationPeriods: 5,
      threshold: slowSeconds,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      actions: [addTask.arn],
      topicArn: alarmTopicArn,
      tellsEnd: false,
      tags: context.tags({ Purpose: "gateway" }),
    },
    opts,
  );
}
