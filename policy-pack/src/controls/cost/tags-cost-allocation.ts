import { resourcePolicy } from "../../frame/policy";

/** What costs money by itself and takes tags. */
const TYPES = [
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

/** The bill is divided by tags; what has none is nobody's. */
export const tagsCostAllocation = resourcePolicy({
  name: "tags-cost-allocation",
  description: "What costs money says who pays for it",
  severity: "medium",
  level: "mandatory",
  controls: { area: ["cost"], "nist-800-53r5": ["CM-8"], checkov: ["CKV_AWS_153"] },
  remediation:
    "Set the tags that this policy's setting required names, on the resource or as the provider's default tags.",
  url: "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html",
  types: TYPES,
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
