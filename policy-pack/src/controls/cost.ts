import { resourcePolicy, stackPolicy } from "../frame/policy";
import type { Value } from "../frame/value";

/** A budget without notifications stops nothing and warns nobody. */
export const budgetNotifications = resourcePolicy({
  name: "budget-notifications",
  description: "Budgets tell somebody what was spent and what will be",
  severity: "medium",
  level: "mandatory",
  controls: { area: ["cost"], "nist-800-53r5": ["SI-4"] },
  remediation: "Add a notification of the type ACTUAL and one of the type FORECASTED, each with a subscriber.",
  url: "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-best-practices.html",
  types: ["aws:budgets/budget:Budget"],
  check(budget, report) {
    const notifications = budget.at("notifications").items();
    for (const type of ["ACTUAL", "FORECASTED"]) {
      report.guard(() => {
        const told = notifications.some(
          (notification) => notification.at("notificationType").text() === type && hasSubscriber(notification),
        );
        if (!told) report.violation(`no notification of the type ${type} has a subscriber`);
      });
    }
  },
});

function hasSubscriber(notification: Value): boolean {
  return ["subscriberEmailAddresses", "subscriberSnsTopicArns"].some(
    (key) => notification.at(key).isUnknown || notification.at(key).items().length > 0,
  );
}

const SPENDING = ["aws:bedrock/inferenceProfile:InferenceProfile"];

/** A stack that makes resources which spend sets a budget for them. */
export const budgetPresent = stackPolicy({
  name: "budget-present",
  description: "A stack whose inference profiles spend money has a budget",
  severity: "medium",
  level: "advisory",
  controls: { area: ["cost"], "nist-800-53r5": ["SI-4"] },
  remediation: "Add an aws.budgets.Budget that filters by the profiles' tag.",
  url: "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create.html",
  types: SPENDING,
  checkStack(stack, report) {
    const [profile] = stack.ofType(...SPENDING);
    if (profile && !stack.has("aws:budgets/budget:Budget"))
      report.violation("the stack has no budget", { resource: profile });
  },
});

/**
 * AWS sends single alerts to topics only, and takes e-mail addresses for daily and weekly summaries
 * alone.
 */
export const costAnomalyNotifies = resourcePolicy({
  name: "cost-anomaly-notifies",
  description: "Unusual spending is told to somebody, in a way that AWS accepts",
  severity: "low",
  level: "mandatory",
  controls: { area: ["cost"], "nist-800-53r5": ["SI-4"] },
  remediation: "Name a topic for IMMEDIATE, or e-mail addresses for DAILY and WEEKLY.",
  url: "https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html",
  types: ["aws:costexplorer/anomalySubscription:AnomalySubscription"],
  check(subscription, report) {
    const subscribers = subscription.at("subscribers");
    report.expect(subscribers, () => subscribers.items().length > 0, "subscribers names nobody");
    report.guard(() => {
      const wanted = subscription.at("frequency").text() === "IMMEDIATE" ? "SNS" : "EMAIL";
      report.each(subscribers, (subscriber) => report.expect(subscriber.at("type"), (type) => type.text() === wanted));
    });
  },
});

/** What costs money by itself and takes tags. */
const PAID_TYPES = [
  ...[
    "ec2/instance:Instance",
    "ec2/vpcEndpoint:VpcEndpoint",
    "ec2/natGateway:NatGateway",
    "ebs/volume:Volume",
    "ebs/snapshot:Snapshot",
  ],
  ...[
    "ecs/service:Service",
    "ecs/cluster:Cluster",
    "ecr/repository:Repository",
    "efs/fileSystem:FileSystem",
    "lambda/function:Function",
  ],
  ...["rds/cluster:Cluster", "rds/clusterInstance:ClusterInstance", "rds/instance:Instance", "dynamodb/table:Table"],
  ...[
    "elasticache/replicationGroup:ReplicationGroup",
    "elasticache/serverlessCache:ServerlessCache",
    "elasticache/cluster:Cluster",
  ],
  ...[
    "lb/loadBalancer:LoadBalancer",
    "alb/loadBalancer:LoadBalancer",
    "s3/bucket:Bucket",
    "kms/key:Key",
    "secretsmanager/secret:Secret",
  ],
  ...[
    "cloudwatch/logGroup:LogGroup",
    "cloudwatch/metricAlarm:MetricAlarm",
    "sqs/queue:Queue",
    "sns/topic:Topic",
    "cloudtrail/trail:Trail",
  ],
  ...[
    "bedrock/inferenceProfile:InferenceProfile",
    "bedrock/guardrail:Guardrail",
    "wafv2/webAcl:WebAcl",
    "backup/vault:Vault",
  ],
].map((type) => `aws:${type}`);

/** The bill is divided by tags; untagged resources cannot be assigned. */
export const tagsCostAllocation = resourcePolicy({
  name: "tags-cost-allocation",
  description: "Resources that cost money carry cost allocation tags",
  severity: "medium",
  level: "mandatory",
  controls: { area: ["cost"], "nist-800-53r5": ["CM-8"], checkov: ["CKV_AWS_153"] },
  remediation:
    "Set the tags that this policy's setting required names, on the resource or as the provider's default tags.",
  url: "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html",
  types: PAID_TYPES,
  config: {
    required: {
      type: "array",
      items: { type: "string" },
      description: "The tags that must be there",
      default: ["Department", "CostCenter"],
    },
  },
  check(resource, report, config) {
    report.guard(() => {
      const tags = new Map([
        ...resource.provider.at("defaultTags.tags").entries(),
        ...resource.at("tags").entries(),
        ...resource.at("tagsAll").entries(),
      ]);
      const missing = config
        .at("required")
        .items()
        .map((key) => key.text() ?? "")
        .filter((key) => {
          const value = tags.get(key);
          return value === undefined || (!value.isUnknown && !value.text());
        });
      if (missing.length > 0) report.violation(`the tags ${missing.join(", ")} are missing`);
    });
  },
});
