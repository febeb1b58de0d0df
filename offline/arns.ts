import type { Made } from "./made";

export type ArnFormat = (made: Made) => string;

/** `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE` */
const regional =
  (service: string, resource: (made: Made) => string): ArnFormat =>
  (made) =>
    `arn:aws:${service}:${region(made)}:${made.scope.accountId}:${resource(made)}`;

/** Global services have no region in their ARNs. */
const global =
  (service: string, resource: (made: Made) => string): ArnFormat =>
  (made) =>
    `arn:aws:${service}::${made.scope.accountId}:${resource(made)}`;

const region = (made: Made): string => made.text("region") ?? made.scope.region;

/** The resource's physical name: the input `name` or `namePrefix`, else the logical name. */
export const nameIn = (made: Made): string => made.text("name") ?? made.text("namePrefix") ?? made.logical;
const iamPath = (made: Made): string => made.text("path") ?? "/";
/** `vpc-0123456789abcdef0` */
export const ec2Id = (made: Made, prefix: string): string => `${prefix}-0${made.digest.slice(0, 16)}`;
export const uuid = (made: Made): string =>
  [0, 8, 12, 16, 20].map((from, i) => made.digest.slice(from, [8, 12, 16, 20, 32][i])).join("-");
const elbId = (made: Made): string => made.digest.slice(0, 16);

/**
 * Formats by type token, from AWS's service authorization reference. A type that is missing here
 * gets `SERVICE:…:TYPE/NAME`.
 */
export const arnFormats: Readonly<Record<string, ArnFormat>> = {
  "aws:accessanalyzer/analyzer:Analyzer": regional(
    "access-analyzer",
    (m) => `analyzer/${m.text("analyzerName") ?? m.logical}`,
  ),
  "aws:acm/certificate:Certificate": regional("acm", (m) => `certificate/${uuid(m)}`),
  "aws:appautoscaling/target:Target": regional(
    "application-autoscaling",
    (m) => `scalable-target/${m.digest.slice(0, 32)}`,
  ),
  "aws:appautoscaling/policy:Policy": regional(
    "autoscaling",
    (m) => `scalingPolicy:${uuid(m)}:resource/ecs/${m.text("resourceId") ?? ""}:policyName/${nameIn(m)}`,
  ),
  "aws:backup/plan:Plan": regional("backup", (m) => `backup-plan:${uuid(m)}`),
  "aws:backup/vault:Vault": regional("backup", (m) => `backup-vault:${nameIn(m)}`),
  "aws:bedrock/inferenceProfile:InferenceProfile": regional(
    "bedrock",
    (m) => `application-inference-profile/${m.digest.slice(0, 12)}`,
  ),
  "aws:bedrock/guardrail:Guardrail": regional("bedrock", (m) => `guardrail/${m.digest.slice(0, 12)}`),
  "aws:budgets/budget:Budget": global("budgets", (m) => `budget/${nameIn(m)}`),
  "aws:cloudtrail/trail:Trail": regional("cloudtrail", (m) => `trail/${nameIn(m)}`),
  "aws:cloudtrail/eventDataStore:EventDataStore": regional("cloudtrail", (m) => `eventdatastore/${uuid(m)}`),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": regional(
    "cloudwatch",
    (m) => `alarm:${m.text("alarmName") ?? m.logical}`,
  ),
  "aws:cloudwatch/dashboard:Dashboard": global(
    "cloudwatch",
    (m) => `dashboard/${m.text("dashboardName") ?? m.logical}`,
  ),
  "aws:cloudwatch/eventBus:EventBus": regional("events", (m) => `event-bus/${nameIn(m)}`),
  "aws:cloudwatch/eventRule:EventRule": regional("events", (m) => `rule/${busPrefix(m)}${nameIn(m)}`),
  "aws:cloudwatch/logGroup:LogGroup": regional("logs", (m) => `log-group:${nameIn(m)}`),
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": regional("logs", (m) => `delivery-source:${nameIn(m)}`),
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": regional(
    "logs",
    (m) => `delivery-destination:${nameIn(m)}`,
  ),
  "aws:cloudwatch/logDelivery:LogDelivery": regional("logs", (m) => `delivery:${m.digest.slice(0, 16)}`),
  "aws:cloudwatch/metricAlarm:MetricAlarm": regional(
    "cloudwatch",
    (m) => `alarm:${m.text("name") ?? m.text("alarmName") ?? m.logical}`,
  ),
  "aws:codebuild/project:Project": regional("codebuild", (m) => `project/${nameIn(m)}`),
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": global("ce", (m) => `anomalymonitor/${uuid(m)}`),
  "aws:costexplorer/anomalySubscription:AnomalySubscription": global("ce", (m) => `anomalysubscription/${uuid(m)}`),
  "aws:dynamodb/table:Table": regional("dynamodb", (m) => `table/${nameIn(m)}`),
  "aws:ebs/volume:Volume": regional("ec2", (m) => `volume/${ec2Id(m, "vol")}`),
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": regional("ec2", (m) => `network-acl/${ec2Id(m, "acl")}`),
  "aws:ec2/defaultRouteTable:DefaultRouteTable": regional("ec2", (m) => `route-table/${ec2Id(m, "rtb")}`),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": regional("ec2", (m) => `security-group/${ec2Id(m, "sg")}`),
  "aws:ec2/flowLog:FlowLog": regional("ec2", (m) => `vpc-flow-log/${ec2Id(m, "fl")}`),
  "aws:ec2/instance:Instance": regional("ec2", (m) => `instance/${ec2Id(m, "i")}`),
  "aws:ec2/launchTemplate:LaunchTemplate": regional("ec2", (m) => `launch-template/${ec2Id(m, "lt")}`),
  "aws:ec2/managedPrefixList:ManagedPrefixList": regional("ec2", (m) => `prefix-list/${ec2Id(m, "pl")}`),
  "aws:ec2/networkAcl:NetworkAcl": regional("ec2", (m) => `network-acl/${ec2Id(m, "acl")}`),
  "aws:ec2/routeTable:RouteTable": regional("ec2", (m) => `route-table/${ec2Id(m, "rtb")}`),
  "aws:ec2/securityGroup:SecurityGroup": regional("ec2", (m) => `security-group/${ec2Id(m, "sg")}`),
  "aws:ec2/subnet:Subnet": regional("ec2", (m) => `subnet/${ec2Id(m, "subnet")}`),
  "aws:ec2/vpc:Vpc": regional("ec2", (m) => `vpc/${ec2Id(m, "vpc")}`),
  "aws:ec2/vpcEndpoint:VpcEndpoint": regional("ec2", (m) => `vpc-endpoint/${ec2Id(m, "vpce")}`),
  "aws:ec2/vpcEndpointService:VpcEndpointService": regional(
    "ec2",
    (m) => `vpc-endpoint-service/${ec2Id(m, "vpce-svc")}`,
  ),
  "aws:ecr/repository:Repository": regional("ecr", (m) => `repository/${nameIn(m)}`),
  "aws:ecs/capacityProvider:CapacityProvider": regional("ecs", (m) => `capacity-provider/${nameIn(m)}`),
  "aws:ecs/cluster:Cluster": regional("ecs", (m) => `cluster/${nameIn(m)}`),
  "aws:ecs/service:Service": regional("ecs", (m) => `service/${lastOf(m.text("cluster") ?? "default")}/${nameIn(m)}`),
  "aws:ecs/taskDefinition:TaskDefinition": regional("ecs", (m) => `task-definition/${m.text("family") ?? m.logical}:1`),
  "aws:efs/accessPoint:AccessPoint": regional("elasticfilesystem", (m) => `access-point/${ec2Id(m, "fsap")}`),
  "aws:efs/fileSystem:FileSystem": regional("elasticfilesystem", (m) => `file-system/${ec2Id(m, "fs")}`),
  "aws:elasticache/parameterGroup:ParameterGroup": regional("elasticache", (m) => `parametergroup:${nameIn(m)}`),
  "aws:elasticache/replicationGroup:ReplicationGroup": regional(
    "elasticache",
    (m) => `replicationgroup:${m.text("replicationGroupId") ?? m.logical}`,
  ),
  "aws:elasticache/subnetGroup:SubnetGroup": regional("elasticache", (m) => `subnetgroup:${nameIn(m)}`),
  "aws:elasticache/user:User": regional("elasticache", (m) => `user:${m.text("userId") ?? m.logical}`),
  "aws:elasticache/userGroup:UserGroup": regional(
    "elasticache",
    (m) => `usergroup:${m.text("userGroupId") ?? m.logical}`,
  ),
  "aws:guardduty/detector:Detector": regional("guardduty", (m) => `detector/${m.digest.slice(0, 32)}`),
  "aws:iam/group:Group": global("iam", (m) => `group${iamPath(m)}${nameIn(m)}`),
  "aws:iam/instanceProfile:InstanceProfile": global("iam", (m) => `instance-profile${iamPath(m)}${nameIn(m)}`),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": global(
    "iam",
    (m) => `oidc-provider/${(m.text("url") ?? m.logical).replace(/^https:\/\//, "")}`,
  ),
  "aws:iam/policy:Policy": global("iam", (m) => `policy${iamPath(m)}${nameIn(m)}`),
  "aws:iam/role:Role": global("iam", (m) => `role${iamPath(m)}${nameIn(m)}`),
  "aws:iam/user:User": global("iam", (m) => `user${iamPath(m)}${nameIn(m)}`),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": regional(
    "firehose",
    (m) => `deliverystream/${nameIn(m)}`,
  ),
  "aws:kms/alias:Alias": regional("kms", (m) => m.text("name") ?? `alias/${m.logical}`),
  "aws:kms/key:Key": regional("kms", (m) => `key/${uuid(m)}`),
  "aws:kms/replicaKey:ReplicaKey": regional("kms", (m) => `key/${uuid(m)}`),
  "aws:lambda/alias:Alias": regional("lambda", (m) => `function:${lastOf(m.text("functionName") ?? "")}:${nameIn(m)}`),
  "aws:lambda/codeSigningConfig:CodeSigningConfig": regional(
    "lambda",
    (m) => `code-signing-config:csc-${m.digest.slice(0, 17)}`,
  ),
  "aws:lambda/eventSourceMapping:EventSourceMapping": regional("lambda", (m) => `event-source-mapping:${uuid(m)}`),
  "aws:lambda/function:Function": regional("lambda", (m) => `function:${nameIn(m)}`),
  "aws:lambda/layerVersion:LayerVersion": regional("lambda", (m) => `layer:${m.text("layerName") ?? m.logical}:1`),
  "aws:lb/listener:Listener": regional(
    "elasticloadbalancing",
    (m) => `listener/${afterKind(m.text("loadBalancerArn"))}/${elbId(m)}`,
  ),
  "aws:lb/listenerRule:ListenerRule": regional(
    "elasticloadbalancing",
    (m) => `listener-rule/${afterKind(m.text("listenerArn"))}/${elbId(m)}`,
  ),
  "aws:lb/loadBalancer:LoadBalancer": regional(
    "elasticloadbalancing",
    (m) => `loadbalancer/${m.text("loadBalancerType") === "network" ? "net" : "app"}/${nameIn(m)}/${elbId(m)}`,
  ),
  "aws:lb/targetGroup:TargetGroup": regional("elasticloadbalancing", (m) => `targetgroup/${nameIn(m)}/${elbId(m)}`),
  "aws:rds/cluster:Cluster": regional("rds", (m) => `cluster:${m.text("clusterIdentifier") ?? generated(m)}`),
  "aws:rds/clusterInstance:ClusterInstance": regional("rds", (m) => `db:${m.text("identifier") ?? generated(m)}`),
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": regional("rds", (m) => `cluster-pg:${nameIn(m)}`),
  "aws:rds/instance:Instance": regional("rds", (m) => `db:${m.text("identifier") ?? generated(m)}`),
  "aws:rds/parameterGroup:ParameterGroup": regional("rds", (m) => `pg:${nameIn(m)}`),
  "aws:rds/proxy:Proxy": regional("rds", (m) => `db-proxy:prx-${m.digest.slice(0, 17)}`),
  "aws:rds/subnetGroup:SubnetGroup": regional("rds", (m) => `subgrp:${nameIn(m)}`),
  "aws:resourcegroups/group:Group": regional("resource-groups", (m) => `group/${nameIn(m)}`),
  "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList": regional(
    "route53resolver",
    (m) => `firewall-domain-list/rslvr-fdl-${m.digest.slice(0, 16)}`,
  ),
  "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup": regional(
    "route53resolver",
    (m) => `firewall-rule-group/rslvr-frg-${m.digest.slice(0, 16)}`,
  ),
  "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation": regional(
    "route53resolver",
    (m) => `firewall-rule-group-association/rslvr-frgassoc-${m.digest.slice(0, 16)}`,
  ),
  "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": regional(
    "route53resolver",
    (m) => `resolver-query-log-config/rqlc-${m.digest.slice(0, 16)}`,
  ),
  "aws:route53/zone:Zone": (m) => `arn:aws:route53:::hostedzone/${zoneId(m)}`,
  "aws:s3/bucket:Bucket": (m) => `arn:aws:s3:::${m.text("bucket") ?? m.logical}`,
  "aws:s3/bucketV2:BucketV2": (m) => `arn:aws:s3:::${m.text("bucket") ?? m.logical}`,
  "aws:s3/bucketObject:BucketObject": (m) => `arn:aws:s3:::${m.text("bucket") ?? ""}/${m.text("key") ?? m.logical}`,
  "aws:s3/bucketObjectv2:BucketObjectv2": (m) => `arn:aws:s3:::${m.text("bucket") ?? ""}/${m.text("key") ?? m.logical}`,
  "aws:scheduler/schedule:Schedule": regional(
    "scheduler",
    (m) => `schedule/${m.text("groupName") ?? "default"}/${nameIn(m)}`,
  ),
  "aws:scheduler/scheduleGroup:ScheduleGroup": regional("scheduler", (m) => `schedule-group/${nameIn(m)}`),
  "aws:secretsmanager/secret:Secret": regional("secretsmanager", (m) => `secret:${nameIn(m)}-${secretSuffix(m)}`),
  "aws:secretsmanager/secretVersion:SecretVersion": (m) =>
    m.text("secretId") ?? `arn:aws:secretsmanager:::secret:${m.logical}`,
  "aws:secretsmanager/secretRotation:SecretRotation": (m) =>
    m.text("secretId") ?? `arn:aws:secretsmanager:::secret:${m.logical}`,
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": regional(
    "servicediscovery",
    (m) => `namespace/ns-${m.digest.slice(0, 16)}`,
  ),
  "aws:servicediscovery/service:Service": regional("servicediscovery", (m) => `service/srv-${m.digest.slice(0, 16)}`),
  "aws:sns/topic:Topic": regional("sns", nameIn),
  "aws:sns/topicPolicy:TopicPolicy": (m) => m.text("arn") ?? `arn:aws:sns:::${m.logical}`,
  "aws:sns/topicSubscription:TopicSubscription": (m) => `${m.text("topic") ?? "arn:aws:sns:::topic"}:${uuid(m)}`,
  "aws:sqs/queue:Queue": regional("sqs", nameIn),
  "aws:ssm/document:Document": regional("ssm", (m) => `document/${nameIn(m)}`),
  "aws:ssm/parameter:Parameter": regional("ssm", (m) => `parameter/${nameIn(m).replace(/^\//, "")}`),
  "aws:synthetics/canary:Canary": regional("synthetics", (m) => `canary:${nameIn(m)}`),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": regional(
    "ec2",
    (m) => `security-group-rule/${ec2Id(m, "sgr")}`,
  ),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": regional(
    "ec2",
    (m) => `security-group-rule/${ec2Id(m, "sgr")}`,
  ),
  "aws:wafv2/webAcl:WebAcl": regional("wafv2", (m) => `regional/webacl/${nameIn(m)}/${uuid(m)}`),
};

/** Six letters and digits, as Secrets Manager appends them. */
const secretSuffix = (made: Made): string => made.digest.slice(-6);
/** An identifier as the RDS provider generates it. */
export const generated = (made: Made): string => `tf-${made.digest.slice(0, 26)}`;
/** `Z` and thirteen capitals. */
export const zoneId = (made: Made): string => `Z${made.digest.slice(0, 13).toUpperCase()}`;
const lastOf = (arn: string): string => arn.split(/[/:]/).pop() ?? arn;
const afterKind = (arn: string | undefined): string => arn?.split("/").slice(1).join("/") ?? "";
const busPrefix = (made: Made): string => {
  const bus = lastOf(made.text("eventBusName") ?? "default");
  return bus === "default" ? "" : `${bus}/`;
};

/** The ARN that AWS would give the resource. */
export function arnOf(made: Made): string {
  const format = arnFormats[made.type];
  if (format !== undefined) return format(made);
  const [, module = "", className = ""] = made.type.split(":");
  const kind = className.replace(/(?<=[a-z0-9])[A-Z]/g, "-$&").toLowerCase();
  return regional(module.split("/")[0] ?? "", (m) => `${kind}/${nameIn(m)}`)(made);
}
