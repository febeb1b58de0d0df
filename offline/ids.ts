import { ec2Id, generated, nameIn, uuid, zoneId } from "./arns";
import type { Made } from "./made";
import type { Raw } from "./values";

/** EC2 ids by type: the letters before the hyphen. */
export const idPrefixes: Readonly<Record<string, string>> = {
  "aws:ebs/volume:Volume": "vol",
  "aws:ebs/snapshot:Snapshot": "snap",
  "aws:ec2/ami:Ami": "ami",
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": "acl",
  "aws:ec2/defaultRouteTable:DefaultRouteTable": "rtb",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "sg",
  "aws:ec2/eip:Eip": "eipalloc",
  "aws:ec2/flowLog:FlowLog": "fl",
  "aws:ec2/instance:Instance": "i",
  "aws:ec2/internetGateway:InternetGateway": "igw",
  "aws:ec2/launchTemplate:LaunchTemplate": "lt",
  "aws:ec2/managedPrefixList:ManagedPrefixList": "pl",
  "aws:ec2/natGateway:NatGateway": "nat",
  "aws:ec2/networkAcl:NetworkAcl": "acl",
  "aws:ec2/networkInterface:NetworkInterface": "eni",
  "aws:ec2/routeTable:RouteTable": "rtb",
  "aws:ec2/routeTableAssociation:RouteTableAssociation": "rtbassoc",
  "aws:ec2/securityGroup:SecurityGroup": "sg",
  "aws:ec2/subnet:Subnet": "subnet",
  "aws:ec2/vpc:Vpc": "vpc",
  "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": "dopt",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
  "aws:ec2/vpcEndpointService:VpcEndpointService": "vpce-svc",
  "aws:efs/accessPoint:AccessPoint": "fsap",
  "aws:efs/fileSystem:FileSystem": "fs",
  "aws:efs/mountTarget:MountTarget": "fsmt",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "sgr",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "sgr",
};

/** Types whose id is the ARN. */
export const arnIds = new Set([
  "aws:acm/certificate:Certificate",
  "aws:accessanalyzer/analyzer:Analyzer",
  "aws:bedrock/inferenceProfile:InferenceProfile",
  "aws:cloudtrail/trail:Trail",
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
  "aws:costexplorer/anomalySubscription:AnomalySubscription",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/service:Service",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  "aws:iam/policy:Policy",
  "aws:lb/listener:Listener",
  "aws:lb/listenerRule:ListenerRule",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/targetGroup:TargetGroup",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretRotation:SecretRotation",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
]);

/** Types with an id format of their own. */
export const idFormats: Readonly<Record<string, (made: Made) => string>> = {
  "aws:budgets/budget:Budget": (m) => `${m.scope.accountId}:${nameIn(m)}`,
  "aws:bedrock/guardrail:Guardrail": (m) => m.digest.slice(0, 12),
  "aws:ecs/taskDefinition:TaskDefinition": (m) => m.text("family") ?? m.logical,
  "aws:elasticache/replicationGroup:ReplicationGroup": (m) => m.text("replicationGroupId") ?? m.logical,
  "aws:iam/rolePolicy:RolePolicy": (m) => `${m.text("role") ?? ""}:${nameIn(m)}`,
  "aws:kms/key:Key": uuid,
  "aws:kms/replicaKey:ReplicaKey": uuid,
  "aws:lambda/eventSourceMapping:EventSourceMapping": uuid,
  "aws:lambda/invocation:Invocation": (m) =>
    [m.text("functionName") ?? m.logical, m.text("qualifier") ?? "$LATEST", m.digest.slice(0, 32)].join("_"),
  "aws:lambda/permission:Permission": (m) => m.text("statementId") ?? m.logical,
  "aws:rds/cluster:Cluster": (m) => m.text("clusterIdentifier") ?? generated(m),
  "aws:rds/clusterInstance:ClusterInstance": (m) => m.text("identifier") ?? generated(m),
  "aws:rds/instance:Instance": (m) => m.text("identifier") ?? generated(m),
  "aws:route53/record:Record": (m) => `${m.text("zoneId") ?? ""}_${nameIn(m)}_${m.text("type") ?? ""}`,
  "aws:route53/zone:Zone": zoneId,
  "aws:s3/bucketObject:BucketObject": (m) => m.text("key") ?? m.logical,
  "aws:s3/bucketObjectv2:BucketObjectv2": (m) => m.text("key") ?? m.logical,
  "aws:secretsmanager/secretVersion:SecretVersion": (m) =>
    `${m.text("secretId") ?? m.logical}|${m.digest.slice(0, 32)}`,
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (m) => `ns-${m.digest.slice(0, 16)}`,
  "aws:servicediscovery/service:Service": (m) => `srv-${m.digest.slice(0, 16)}`,
  "aws:sqs/queue:Queue": queueUrl,
  "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList": (m) => `rslvr-fdl-${m.digest.slice(0, 16)}`,
  "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup": (m) => `rslvr-frg-${m.digest.slice(0, 16)}`,
  "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation": (m) =>
    `rslvr-frgassoc-${m.digest.slice(0, 16)}`,
  "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": (m) => `rqlc-${m.digest.slice(0, 16)}`,
  "pulumi:providers:aws": uuid,
};

/** Inputs that become a resource's id, in the provider's order of preference. */
const naming = [
  "name",
  "bucket",
  "dashboardName",
  "analyzerName",
  "userId",
  "userGroupId",
  "clusterId",
  "functionName",
] as const;

/** The id as the provider would report it. */
export function idOf(made: Made, arn: string): string {
  const prefix = idPrefixes[made.type];
  if (prefix !== undefined) return ec2Id(made, prefix);
  if (arnIds.has(made.type)) return arn;
  const format = idFormats[made.type];
  if (format !== undefined) return format(made);
  if (made.type.startsWith("random:")) return made.digest.slice(0, 16);
  for (const property of naming) {
    const value = made.text(property);
    if (value !== undefined) return value;
  }
  return `${made.logical}-${made.digest.slice(0, 12)}`;
}

function queueUrl(made: Made): string {
  return `https://sqs.${made.text("region") ?? made.scope.region}.amazonaws.com/${made.scope.accountId}/${nameIn(made)}`;
}

/** A zone's name by its id, as in an account where zone 1 is called `a`. */
function zoneName(made: Made): string {
  const number = Number(/-az(\d)$/.exec(made.text("availabilityZoneId") ?? "")?.[1] ?? 1);
  return `${made.scope.region}${"abcdef".charAt(number - 1)}`;
}

type Outputs = Readonly<Record<string, Raw>>;

/**
 * Outputs that other resources and policy documents read, where an empty or generic value would be
 * wrong.
 */
export const specialOutputs: Readonly<Record<string, (made: Made, id: string, arn: string) => Outputs>> = {
  "aws:acm/certificate:Certificate": (m) => ({
    domainValidationOptions: [m.text("domainName") ?? m.logical].map((domainName) => ({
      domainName,
      resourceRecordName: `_${m.digest.slice(0, 32)}.${domainName}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${m.digest.slice(32)}.acm-validations.aws.`,
    })),
    status: "PENDING_VALIDATION",
  }),
  "aws:ec2/vpc:Vpc": (m) => ({
    defaultNetworkAclId: ec2Id(m, "acl"),
    defaultRouteTableId: ec2Id(m, "rtb"),
    defaultSecurityGroupId: ec2Id(m, "sg"),
    mainRouteTableId: ec2Id(m, "rtb"),
    dhcpOptionsId: ec2Id(m, "dopt"),
  }),
  "aws:ec2/subnet:Subnet": (m) => ({ availabilityZone: m.text("availabilityZone") ?? zoneName(m) }),
  "aws:ec2/instance:Instance": (m) => ({
    privateIp: m.text("privateIp") ?? `10.0.${byte(m, 0)}.${byte(m, 2)}`,
    privateDns: `ip-10-0-${byte(m, 0)}-${byte(m, 2)}.${m.scope.region}.compute.internal`,
    primaryNetworkInterfaceId: ec2Id(m, "eni"),
    instanceState: "running",
    publicIp: "",
    publicDns: "",
  }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": (m, id) => ({
    prefixListId: m.text("vpcEndpointType") === "Interface" ? "" : ec2Id(m, "pl"),
    dnsEntries: [
      { dnsName: `${id}-${m.digest.slice(0, 8)}.vpce.${m.scope.region}.vpce.amazonaws.com`, hostedZoneId: zoneId(m) },
    ],
    state: "available",
  }),
  "aws:ec2/vpcEndpointService:VpcEndpointService": (m, id) => ({
    serviceName: `com.amazonaws.vpce.${m.scope.region}.${id}`,
    serviceType: "Interface",
    state: "Available",
  }),
  "aws:ecr/repository:Repository": (m) => ({
    repositoryUrl: `${m.scope.accountId}.dkr.ecr.${m.text("region") ?? m.scope.region}.amazonaws.com/${nameIn(m)}`,
  }),
  "aws:ecs/taskDefinition:TaskDefinition": (_m, _id, arn) => ({
    revision: 1,
    arnWithoutRevision: arn.replace(/:1$/, ""),
  }),
  "aws:elasticache/replicationGroup:ReplicationGroup": (m, id) => ({
    primaryEndpointAddress: `master.${id}.${m.digest.slice(0, 6)}.cache.amazonaws.com`,
    readerEndpointAddress: `replica.${id}.${m.digest.slice(0, 6)}.cache.amazonaws.com`,
    configurationEndpointAddress: `clustercfg.${id}.${m.digest.slice(0, 6)}.cache.amazonaws.com`,
    port: m.inputs["port"] ?? 6379,
  }),
  "aws:iam/role:Role": (m) => ({ uniqueId: `AROA${m.digest.slice(0, 17).toUpperCase()}` }),
  "aws:kms/key:Key": (_m, id) => ({ keyId: id }),
  "aws:kms/alias:Alias": (m) => ({ targetKeyArn: m.text("targetKeyId") ?? "" }),
  "aws:lambda/function:Function": (m, _id, arn) => ({
    invokeArn: `arn:aws:apigateway:${m.scope.region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
    qualifiedArn: `${arn}:1`,
    version: "1",
  }),
  "aws:lambda/alias:Alias": (m, _id, arn) => ({
    invokeArn: `arn:aws:apigateway:${m.scope.region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
  }),
  // Results of the program's functions that resources read: the certificate function's certificate
  // and authority.
  "aws:lambda/invocation:Invocation": (m) => ({
    result: JSON.stringify({
      certificateArn: `arn:aws:acm:${m.scope.region}:${m.scope.accountId}:certificate/${uuid(m)}`,
      caCertificate: "-----BEGIN CERTIFICATE-----\nc3RhbmQtaW4=\n-----END CERTIFICATE-----\n",
      authority: "-----BEGIN CERTIFICATE-----\nc3RhbmQtaW4=\n-----END CERTIFICATE-----\n",
    }),
  }),
  "aws:lb/loadBalancer:LoadBalancer": (m, _id, arn) => ({
    dnsName: `internal-${nameIn(m)}-${String(parseInt(m.digest.slice(0, 8), 16))}.${m.scope.region}.elb.amazonaws.com`,
    zoneId: zoneId(m),
    arnSuffix: arn.split(":loadbalancer/")[1] ?? "",
  }),
  "aws:lb/targetGroup:TargetGroup": (_m, _id, arn) => ({ arnSuffix: arn.split(":").pop() ?? "" }),
  "aws:rds/cluster:Cluster": (m, id) => ({
    clusterIdentifier: id,
    clusterResourceId: `cluster-${m.digest.slice(0, 26).toUpperCase()}`,
    endpoint: `${id}.cluster-${m.digest.slice(0, 12)}.${m.scope.region}.rds.amazonaws.com`,
    readerEndpoint: `${id}.cluster-ro-${m.digest.slice(0, 12)}.${m.scope.region}.rds.amazonaws.com`,
    port: m.inputs["port"] ?? (m.text("engine")?.includes("mysql") === true ? 3306 : 5432),
    ...(m.inputs["manageMasterUserPassword"] === true && {
      masterUserSecrets: [
        {
          kmsKeyId: m.text("masterUserSecretKmsKeyId") ?? "",
          secretArn: `arn:aws:secretsmanager:${m.scope.region}:${m.scope.accountId}:secret:rds!cluster-${uuid(m)}-${m.digest.slice(-6)}`,
          secretStatus: "active",
        },
      ],
    }),
  }),
  "aws:rds/clusterInstance:ClusterInstance": (_m, id) => ({ identifier: id }),
  "aws:rds/instance:Instance": (m, id) => ({
    identifier: id,
    address: `${id}.${m.digest.slice(0, 12)}.${m.scope.region}.rds.amazonaws.com`,
    endpoint: `${id}.${m.digest.slice(0, 12)}.${m.scope.region}.rds.amazonaws.com:5432`,
    resourceId: `db-${m.digest.slice(0, 26).toUpperCase()}`,
  }),
  "aws:route53/zone:Zone": (_m, id) => ({ zoneId: id, primaryNameServer: "ns-0.awsdns-00.com" }),
  "aws:s3/bucket:Bucket": (m) => ({
    bucket: m.text("bucket") ?? m.logical,
    bucketDomainName: `${m.text("bucket") ?? m.logical}.s3.amazonaws.com`,
    bucketRegionalDomainName: `${m.text("bucket") ?? m.logical}.s3.${m.text("region") ?? m.scope.region}.amazonaws.com`,
    bucketRegion: m.text("region") ?? m.scope.region,
  }),
  "aws:secretsmanager/secretVersion:SecretVersion": (m, _id, arn) => ({
    arn,
    secretArn: arn,
    versionId: uuid(m),
    versionStages: ["AWSCURRENT"],
  }),
  "aws:sqs/queue:Queue": (_m, id) => ({ url: id }),
  "aws:ssm/document:Document": () => ({
    documentVersion: "1",
    defaultVersion: "1",
    latestVersion: "1",
    status: "Active",
  }),
  "random:index/randomPassword:RandomPassword": (m) => ({ result: randomText(m) }),
  "random:index/randomString:RandomString": (m) => ({ result: randomText(m) }),
  "random:index/randomId:RandomId": (m) => {
    const bytes = Buffer.from(m.digest.repeat(4), "hex").subarray(0, lengthOf(m, "byteLength", 8));
    return {
      hex: bytes.toString("hex"),
      b64Std: bytes.toString("base64"),
      b64Url: bytes.toString("base64url"),
      dec: String(BigInt(`0x${bytes.toString("hex")}`)),
    };
  },
  "random:index/randomBytes:RandomBytes": (m) => {
    const bytes = Buffer.from(m.digest.repeat(4), "hex").subarray(0, lengthOf(m, "length", 32));
    return { hex: bytes.toString("hex"), base64: bytes.toString("base64") };
  },
  "random:index/randomUuid:RandomUuid": (m) => ({ result: uuid(m) }),
};

const byte = (made: Made, from: number): number => parseInt(made.digest.slice(from, from + 2), 16);
const lengthOf = (made: Made, property: string, fallback: number): number => {
  const value = made.inputs[property];
  return typeof value === "number" ? value : fallback;
};
/** Letters and digits of the given length; recognisable, so that a search for leaks finds them. */
const randomText = (made: Made): string => `stand-in-${made.digest.repeat(4)}`.slice(0, lengthOf(made, "length", 16));

/** Outputs of `made` besides the inputs, id and ARN. */
export const specials = (made: Made, id: string, arn: string): Outputs =>
  specialOutputs[made.type]?.(made, id, arn) ?? {};
