import { each, inside, length, region, row, type Quota } from "./quota";

const iam = "IAM and AWS STS quotas";
const rds = "Quotas and constraints for Amazon RDS";
const logs = "CloudWatch Logs quotas";
const ecs = "Amazon ECS endpoints and quotas";
const scaling = "Quotas for Application Auto Scaling";

/** Quotas of everything else. */
export const serviceQuotas: readonly Quota[] = [
  row("roles per account", iam, 1000, each("aws:iam/role:Role"), { key: "roles" }),
  row("instance profiles per account", iam, 1000, each("aws:iam/instanceProfile:InstanceProfile"), {
    key: "instanceProfiles",
  }),
  row("customer managed policies per account", iam, 1500, each("aws:iam/policy:Policy")),
  row("groups per account", iam, 300, each("aws:iam/group:Group")),
  row(
    "groups per user",
    iam,
    10,
    ({ type, inputs }) =>
      type === "aws:iam/groupMembership:GroupMembership"
        ? (inputs["users"] as readonly string[]).map((user) => [user, 1] as const)
        : [],
    { fixed: true },
  ),
  row(
    "managed policies per group",
    iam,
    10,
    each("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", ({ group }) => group),
  ),
  row("log groups per Region", logs, 1_000_000, each("aws:cloudwatch/logGroup:LogGroup")),
  row("log resource policies per Region", logs, 10, each("aws:cloudwatch/logResourcePolicy:LogResourcePolicy"), {
    fixed: true,
  }),
  row(
    "metric filters per log group",
    logs,
    100,
    each("aws:cloudwatch/logMetricFilter:LogMetricFilter", ({ logGroupName }) => logGroupName),
    { fixed: true },
  ),
  row("alarms per Region", "CloudWatch service quotas", 5000, (resource) => [
    ...each("aws:cloudwatch/metricAlarm:MetricAlarm")(resource),
    ...each("aws:cloudwatch/compositeAlarm:CompositeAlarm")(resource),
  ]),
  row(
    "widgets per dashboard",
    "CloudWatch service quotas",
    500,
    ({ type, urn, inputs }) =>
      type === "aws:cloudwatch/dashboard:Dashboard"
        ? [[urn, length(inside(JSON.parse(String(inputs["dashboardBody"])))["widgets"])]]
        : [],
    { fixed: true },
  ),
  row(
    "schedules per Region",
    "Quotas for Amazon EventBridge Scheduler",
    1_000_000,
    each("aws:scheduler/schedule:Schedule"),
  ),
  row("rules per event bus", "Amazon EventBridge quotas", 300, each("aws:cloudwatch/eventRule:EventRule")),
  row(
    "targets per rule",
    "Amazon EventBridge quotas",
    5,
    each("aws:cloudwatch/eventTarget:EventTarget", ({ rule }) => rule),
    { fixed: true },
  ),
  row("trails per Region", "Quotas in AWS CloudTrail", 5, each("aws:cloudtrail/trail:Trail"), { fixed: true }),
  row("keys per Region", "AWS KMS quotas: Resource quotas", 100_000, each("aws:kms/key:Key")),
  row(
    "aliases per key",
    "AWS KMS quotas: Resource quotas",
    50,
    each("aws:kms/alias:Alias", ({ targetKeyId }) => targetKeyId),
  ),
  row("certificates per Region", "AWS Certificate Manager quotas", 2500, each("aws:acm/certificate:Certificate")),
  row("repositories per Region", "Amazon ECR service quotas", 100_000, each("aws:ecr/repository:Repository")),
  row("clusters per account", ecs, 10_000, each("aws:ecs/cluster:Cluster")),
  row(
    "services per cluster",
    ecs,
    5000,
    each("aws:ecs/service:Service", ({ cluster }) => cluster),
  ),
  row(
    "containers per task definition",
    ecs,
    10,
    ({ type, urn, inputs }) =>
      type === "aws:ecs/taskDefinition:TaskDefinition"
        ? [[urn, length(JSON.parse(String(inputs["containerDefinitions"])))]]
        : [],
    { fixed: true },
  ),
  row("scalable targets of ECS per Region", scaling, 3000, each("aws:appautoscaling/target:Target")),
  row(
    "scaling policies per scalable target",
    scaling,
    50,
    each("aws:appautoscaling/policy:Policy", ({ resourceId }) => resourceId),
    { fixed: true },
  ),
  row("load balancers per Region", "Quotas for your Application Load Balancers", 50, (resource) =>
    resource.inputs["loadBalancerType"] === "network" ? [] : each("aws:lb/loadBalancer:LoadBalancer")(resource),
  ),
  row(
    "listeners per load balancer",
    "Quotas for your Application Load Balancers",
    50,
    each("aws:lb/listener:Listener", ({ loadBalancerArn }) => loadBalancerArn),
  ),
  row(
    "rules per load balancer, here per listener",
    "Quotas for your Application Load Balancers",
    100,
    each("aws:lb/listenerRule:ListenerRule", ({ listenerArn }) => listenerArn),
  ),
  row(
    "target groups per Region",
    "Quotas for your Application Load Balancers",
    3000,
    each("aws:lb/targetGroup:TargetGroup"),
  ),
  row("secrets per Region", "AWS Secrets Manager quotas", 500_000, each("aws:secretsmanager/secret:Secret")),
  row("documents per Region", "AWS Systems Manager endpoints and quotas", 500, each("aws:ssm/document:Document")),
  row("builds of one image at a time", "Quotas for AWS CodeBuild", 1, (resource) =>
    each(
      "aws:codebuild/project:Project",
      () => region,
      ({ concurrentBuildLimit }) => Number(concurrentBuildLimit),
    )(resource),
  ),
  row("budgets per account", "Quotas and limits for AWS Budgets", 20_000, each("aws:budgets/budget:Budget")),
  row(
    "inference profiles per account",
    "Amazon Bedrock endpoints and quotas",
    1000,
    each("aws:bedrock/inferenceProfile:InferenceProfile"),
  ),
  row(
    "active cost allocation tags per payer account",
    "Quotas and restrictions of AWS Billing and Cost Management",
    500,
    each("aws:costexplorer/costAllocationTag:CostAllocationTag"),
  ),
  row("topics per account", "Amazon SNS endpoints and quotas", 100_000, each("aws:sns/topic:Topic")),
  row(
    "buckets per account",
    "General purpose bucket quotas, limitations, and restrictions",
    10_000,
    each("aws:s3/bucket:Bucket"),
  ),
  row("DB instances", rds, 40, each("aws:rds/clusterInstance:ClusterInstance"), { key: "databaseInstances" }),
  row("DB clusters", rds, 40, each("aws:rds/cluster:Cluster")),
  row("DB cluster parameter groups", rds, 50, each("aws:rds/clusterParameterGroup:ClusterParameterGroup")),
  row("DB subnet groups", rds, 50, each("aws:rds/subnetGroup:SubnetGroup")),
  row("cache nodes per Region", "Quotas for ElastiCache", 300, (resource) =>
    each(
      "aws:elasticache/replicationGroup:ReplicationGroup",
      () => region,
      ({ numCacheClusters }) => Number(numCacheClusters),
    )(resource),
  ),
  row("cache subnet groups per Region", "Quotas for ElastiCache", 150, each("aws:elasticache/subnetGroup:SubnetGroup")),
  row(
    "cache parameter groups per Region",
    "Quotas for ElastiCache",
    150,
    each("aws:elasticache/parameterGroup:ParameterGroup"),
  ),
  row(
    "TiB of gp3 volumes per Region",
    "Amazon EBS endpoints and quotas",
    50,
    each(
      "aws:ebs/volume:Volume",
      () => region,
      ({ size }) => Number(size) / 1024,
    ),
    { key: "gp3TiB" },
  ),
  row(
    "lifecycle policies per Region",
    "Amazon Data Lifecycle Manager quotas",
    100,
    each("aws:dlm/lifecyclePolicy:LifecyclePolicy"),
  ),
  row(
    "instances per service of a namespace",
    "AWS Cloud Map service quotas",
    1000,
    each("aws:servicediscovery/instance:Instance", ({ serviceId }) => serviceId),
  ),
  row(
    "private namespaces per Region",
    "AWS Cloud Map service quotas",
    50,
    each("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"),
  ),
];
