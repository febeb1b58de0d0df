import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tags, type GatewaySpec, type StackSpec } from "../../config";
import type { GatewayLoadBalancer } from "./load-balancer";

/** Arguments of {@link serviceScaling}. */
export interface ServiceScalingArgs {
  readonly spec: StackSpec;
  readonly gateway: GatewaySpec;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly loadBalancer: GatewayLoadBalancer;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Requests a minute that a task takes well: measured at 48 a second with two workers, most of a request being the model's time. */
const requestsPerTask = 600;

/** Seconds to the first byte's end that nine of ten answers stay below; above, tasks are added. */
const slowSeconds = 90;

/** Follows requests, processor and slow answers between the spec's floor and ceiling. Tasks leave slowly: their answers take minutes. */
export function serviceScaling(name: string, args: ServiceScalingArgs, opts: pulumi.CustomResourceOptions): void {
  const { spec, gateway, clusterName, serviceName, loadBalancer } = args;
  const tagged = { tags: tags(spec, { Purpose: "gateway" }) };
  const target = new aws.appautoscaling.Target(
    `${name}-scaling`,
    {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${clusterName}/${serviceName}`,
      minCapacity: gateway.minTasks,
      maxCapacity: gateway.maxTasks,
      ...tagged,
    },
    opts,
  );
  const policy = (
    noun: string,
    body: Omit<aws.appautoscaling.PolicyArgs, "resourceId" | "scalableDimension" | "serviceNamespace">,
  ) =>
    new aws.appautoscaling.Policy(
      `${name}-by-${noun}`,
      {
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        ...body,
      },
      opts,
    );
  const tracking = (
    metric: NonNullable<
      aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration["predefinedMetricSpecification"]
    >,
    targetValue: number,
  ): Omit<aws.appautoscaling.PolicyArgs, "resourceId" | "scalableDimension" | "serviceNamespace"> => ({
    policyType: "TargetTrackingScaling",
    targetTrackingScalingPolicyConfiguration: {
      predefinedMetricSpecification: metric,
      targetValue,
      scaleOutCooldown: 60,
      scaleInCooldown: 600,
    },
  });
  policy(
    "requests",
    tracking(
      {
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: pulumi.interpolate`${loadBalancer.arnSuffix}/${loadBalancer.targetGroupSuffix}`,
      },
      requestsPerTask,
    ),
  );
  policy("cpu", tracking({ predefinedMetricType: "ECSServiceAverageCPUUtilization" }, 60));
  const add = policy("latency", {
    policyType: "StepScaling",
    stepScalingPolicyConfiguration: {
      adjustmentType: "ChangeInCapacity",
      cooldown: 300,
      metricAggregationType: "Average",
      stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
    },
  });
  new aws.cloudwatch.MetricAlarm(
    `${name}-slow`,
    {
      alarmDescription: `One answer of ten takes over ${String(slowSeconds)} s: a task is added; look at Bedrock's throttling, too`,
      namespace: "AWS/ApplicationELB",
      metricName: "TargetResponseTime",
      dimensions: { LoadBalancer: loadBalancer.arnSuffix, TargetGroup: loadBalancer.targetGroupSuffix },
      extendedStatistic: "p90",
      period: 60,
      evaluationPeriods: 5,
      threshold: slowSeconds,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [add.arn, args.alarmTopicArn],
      ...tagged,
    },
    opts,
  );
}
