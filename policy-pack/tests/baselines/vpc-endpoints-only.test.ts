import assert from "node:assert/strict";
import { albInternal } from "../../src/baselines/vpc-endpoints-only/alb-internal";
import { apigwAccessLogs } from "../../src/baselines/vpc-endpoints-only/apigw-access-logs";
import { apigwAuthorized } from "../../src/baselines/vpc-endpoints-only/apigw-authorized";
import { apigwCacheEncrypted } from "../../src/baselines/vpc-endpoints-only/apigw-cache-encrypted";
import { apigwPrivateAuthz } from "../../src/baselines/vpc-endpoints-only/apigw-private-authz";
import { ecsNoPublicIp } from "../../src/baselines/vpc-endpoints-only/ecs-no-public-ip";
import { lambdaInVpc } from "../../src/baselines/vpc-endpoints-only/lambda-in-vpc";
import { netNoInternetRoute } from "../../src/baselines/vpc-endpoints-only/net-no-internet-route";
import { netNoPublicService } from "../../src/baselines/vpc-endpoints-only/net-no-public-service";
import { rdsNotPublic } from "../../src/baselines/vpc-endpoints-only/rds-not-public";
import { netNoEgressToAnywhere } from "../../src/baselines/vpc-endpoints-only/net-no-egress-to-anywhere";
import { netNoUnrestrictedEgress } from "../../src/baselines/vpc-endpoints-only/net-no-unrestricted-egress";
import { netEipInUse } from "../../src/baselines/vpc-endpoints-only/net-eip-in-use";
import { netNoEip } from "../../src/baselines/vpc-endpoints-only/net-no-eip";
import { netNoInternetGateway } from "../../src/baselines/vpc-endpoints-only/net-no-internet-gateway";
import { netNoNatGateway } from "../../src/baselines/vpc-endpoints-only/net-no-nat-gateway";
import { netSubnetNoPublicIp } from "../../src/baselines/vpc-endpoints-only/net-subnet-no-public-ip";
import { netVpcBpa } from "../../src/baselines/vpc-endpoints-only/net-vpc-bpa";
import { s3VpceOnly } from "../../src/baselines/vpc-endpoints-only/s3-vpce-only";
import { vpceExplicitSg } from "../../src/baselines/vpc-endpoints-only/vpce-explicit-sg";
import { vpceMultiAz } from "../../src/baselines/vpc-endpoints-only/vpce-multi-az";
import { vpcePrivateDns } from "../../src/baselines/vpc-endpoints-only/vpce-private-dns";
import { vpceS3Gateway } from "../../src/baselines/vpc-endpoints-only/vpce-s3-gateway";
import { vpcePolicyScoped } from "../../src/baselines/vpc-endpoints-only/vpce-policy-scoped";
import { vpceRequiredSet } from "../../src/baselines/vpc-endpoints-only/vpce-required-set";
import { remediated } from "../../src/frame/judge";
import { cases, judge, resource, UNKNOWN, urnOf, violations, type Inputs } from "../support";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const VPC = "aws:ec2/vpc:Vpc";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";

describe("VPC endpoints only: ways out", () => {
  for (const type of netNoInternetGateway.types) cases(netNoInternetGateway, { type, fails: { [type]: {} } });
  cases(netNoNatGateway, {
    type: "aws:ec2/natGateway:NatGateway",
    passes: { "a private one": { connectivityType: "private" } },
    fails: { "its default": { subnetId: "s" }, "a public one": { connectivityType: "public" } },
    unknown: { "a kind that is not known": { connectivityType: UNKNOWN } },
  });
  for (const type of netNoEip.types) cases(netNoEip, { type, fails: { [type]: {} } });
  const EIP = "aws:ec2/eip:Eip";
  cases(netEipInUse, {
    passes: {
      "an address of an instance": [resource(EIP, { instance: "i-1" })],
      "an address of an interface that is not known": [resource(EIP, { networkInterface: UNKNOWN })],
      "an address of a NAT gateway": [
        resource(EIP, { id: "eip-1" }),
        resource("aws:ec2/natGateway:NatGateway", { allocationId: "eip-1" }, "nat"),
      ],
    },
    fails: { "an idle address": [resource(EIP, {})] },
    unknown: {
      "an association of an address that is not known": [
        resource(EIP, {}),
        resource("aws:ec2/eipAssociation:EipAssociation", { allocationId: UNKNOWN }, "a"),
      ],
    },
  });

  const route = (changes: Inputs = {}): Inputs => ({
    routeTableId: "rtb-1",
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: "igw-1",
    ...changes,
  });
  cases(netNoInternetRoute, {
    type: "aws:ec2/route:Route",
    passes: {
      "a private network through a gateway": route({ destinationCidrBlock: "10.1.0.0/16", gatewayId: "vgw-1" }),
      "a private network through another VPC": route({
        destinationCidrBlock: "10.1.0.0/16",
        gatewayId: undefined,
        vpcPeeringConnectionId: "pcx-1",
      }),
      "a private network through a private NAT gateway": route({
        destinationCidrBlock: "10.1.0.0/16",
        gatewayId: undefined,
        natGatewayId: "nat-1",
      }),
      "a partner's public network through a private gateway": route({
        destinationCidrBlock: "203.0.113.0/24",
        gatewayId: "vgw-1",
      }),
      "a public network within the VPC": route({ gatewayId: "local" }),
      "a prefix list": { destinationPrefixListId: "pl-1", vpcEndpointId: "vpce-1" },
      "a partner's public network through a transit gateway": route({
        destinationCidrBlock: "203.0.113.0/24",
        gatewayId: undefined,
        transitGatewayId: "tgw-1",
      }),
      "a gateway endpoint": route({ destinationCidrBlock: "52.219.0.0/16", gatewayId: "vpce-1" }),
      "no target": route({ gatewayId: undefined }),
      "an empty target": route({ gatewayId: "", transitGatewayId: "" }),
      "what is no destination": route({ destinationCidrBlock: "everywhere" }),
    },
    fails: {
      "everything to an internet gateway": route(),
      "everything to a gateway that is not known": route({ gatewayId: UNKNOWN }),
      "everything to a NAT gateway": route({ gatewayId: undefined, natGatewayId: UNKNOWN }),
      "IPv6 to an egress-only gateway": { destinationIpv6CidrBlock: "::/0", egressOnlyGatewayId: "eigw-1" },
      "half of the internet": route({ destinationCidrBlock: "128.0.0.0/1" }),
      "IPv6's global half": { destinationIpv6CidrBlock: "2000::/3", transitGatewayId: "tgw-1" },
      "everything to a transit gateway": route({ gatewayId: undefined, transitGatewayId: "tgw-1" }),
      "everything to a machine": route({ gatewayId: undefined, networkInterfaceId: "eni-1" }),
      "a quarter of the internet to a machine": route({
        destinationCidrBlock: "64.0.0.0/2",
        gatewayId: undefined,
        instanceId: "i-1",
      }),
      "an /8 to a transit gateway that is not known": route({
        destinationCidrBlock: "54.0.0.0/8",
        gatewayId: undefined,
        transitGatewayId: UNKNOWN,
      }),
      "a public address to a NAT gateway": route({
        destinationCidrBlock: "203.0.113.7/32",
        gatewayId: undefined,
        natGatewayId: "nat-1",
      }),
      "a public address to an internet gateway": route({ destinationCidrBlock: "203.0.113.7/32" }),
    },
    unknown: {
      "a destination that is not known": route({ destinationCidrBlock: UNKNOWN }),
      "a public address to a gateway that is not known": route({
        destinationCidrBlock: "203.0.113.7/32",
        gatewayId: UNKNOWN,
      }),
    },
  });
  cases(netNoInternetRoute, {
    type: "aws:ec2/routeTable:RouteTable",
    passes: { "no routes": {}, "private routes": { routes: [{ cidrBlock: "10.0.0.0/8", transitGatewayId: "tgw-1" }] } },
    fails: {
      "the second route": {
        routes: [
          { cidrBlock: "10.0.0.0/8", transitGatewayId: "t" },
          { ipv6CidrBlock: "::/0", gatewayId: "igw-1" },
        ],
      },
    },
    unknown: { "routes that are not known": { routes: UNKNOWN } },
    both: {
      "an open route after one that is not known": { routes: [UNKNOWN, { cidrBlock: "0.0.0.0/0", natGatewayId: "n" }] },
    },
  });

  cases(netSubnetNoPublicIp, {
    type: "aws:ec2/subnet:Subnet",
    passes: { "its default": {}, false: { mapPublicIpOnLaunch: false } },
    fails: {
      "public addresses": { mapPublicIpOnLaunch: true },
      "IPv6 addresses": { assignIpv6AddressOnCreation: true },
    },
    both: { "IPv6 beside what is not known": { mapPublicIpOnLaunch: UNKNOWN, assignIpv6AddressOnCreation: true } },
  });
  it("net-subnet-no-public-ip switches addresses off where asked to", () => {
    const inputs: Inputs = { mapPublicIpOnLaunch: true };
    assert.equal(remediated(netSubnetNoPublicIp, inputs, ""), true);
    assert.deepEqual(inputs, { mapPublicIpOnLaunch: false });
    assert.equal(remediated(netSubnetNoPublicIp, {}, ""), false);
  });

  const egress = (changes: Inputs): Inputs => ({
    egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, ...changes }],
  });
  cases(netNoUnrestrictedEgress, {
    type: GROUP,
    passes: {
      "no egress": {},
      "the VPC": egress({ cidrBlocks: ["10.0.0.0/16"] }),
      "a prefix list": egress({ prefixListIds: ["pl-1"] }),
      "another group": egress({ securityGroups: ["sg-1"] }),
      ingress: { ingress: [{ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }] },
    },
    fails: {
      everywhere: egress({ cidrBlocks: ["0.0.0.0/0"] }),
      IPv6: egress({ ipv6CidrBlocks: ["::/0"] }),
      "one public address": egress({ cidrBlocks: ["203.0.113.7/32"] }),
    },
    unknown: { "an address that is not known": egress({ cidrBlocks: [UNKNOWN] }) },
    both: { "everywhere beside what is not known": egress({ cidrBlocks: [UNKNOWN, "0.0.0.0/0"] }) },
  });
  cases(netNoUnrestrictedEgress, {
    type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    fails: { everywhere: { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" } },
  });

  cases(netNoEgressToAnywhere, {
    type: GROUP,
    passes: {
      "one port": egress({ cidrBlocks: ["0.0.0.0/0"] }),
      "all ports to one network": egress({ protocol: "-1", cidrBlocks: ["203.0.113.0/24"] }),
      "an unknown port to the VPC": egress({ fromPort: UNKNOWN, cidrBlocks: ["10.0.0.0/16"] }),
    },
    fails: {
      "all protocols": egress({ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }),
      "all ports": egress({ fromPort: 0, toPort: 65535, cidrBlocks: ["0.0.0.0/0"] }),
      "ports of -1": egress({ fromPort: -1, toPort: -1, ipv6CidrBlocks: ["::/0"] }),
    },
    unknown: { "an address that is not known": egress({ protocol: "-1", cidrBlocks: [UNKNOWN] }) },
  });

  const OPTIONS = "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions";
  cases(netVpcBpa, {
    type: OPTIONS,
    passes: { "both directions": { internetGatewayBlockMode: "block-bidirectional" } },
    fails: { off: { internetGatewayBlockMode: "off" }, "one direction": { internetGatewayBlockMode: "block-ingress" } },
  });
  cases(netVpcBpa, {
    type: "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion",
    fails: { "an exclusion": {} },
  });
  it("net-vpc-bpa blocks both directions where asked to", () => {
    const inputs: Inputs = { internetGatewayBlockMode: "off" };
    assert.equal(remediated(netVpcBpa, inputs, OPTIONS), true);
    assert.deepEqual(inputs, { internetGatewayBlockMode: "block-bidirectional" });
    assert.equal(remediated(netVpcBpa, inputs, OPTIONS), false);
  });
});

describe("VPC endpoints only: services", () => {
  const service = (type: string, passes: Record<string, Inputs>, fails: Record<string, Inputs>) =>
    cases(netNoPublicService, { type, passes, fails });
  service(
    "aws:dms/replicationInstance:ReplicationInstance",
    { private: { publiclyAccessible: false } },
    { "its default": {}, public: { publiclyAccessible: true } },
  );
  service("aws:mq/broker:Broker", { "its default": {} }, { public: { publiclyAccessible: true } });
  service(
    "aws:opensearch/domain:Domain",
    { "in a VPC": { vpcOptions: { subnetIds: ["s"] } } },
    { "outside of it": {} },
  );
  service(
    "aws:sagemaker/notebookInstance:NotebookInstance",
    { private: { directInternetAccess: "Disabled" } },
    { "its default": {} },
  );
  service("aws:sagemaker/domain:Domain", { private: { appNetworkAccessType: "VpcOnly" } }, { "its default": {} });
  service(
    "aws:msk/cluster:Cluster",
    { "its default": {} },
    { public: { brokerNodeGroupInfo: { connectivityInfo: { publicAccess: { type: "SERVICE_PROVIDED_EIPS" } } } } },
  );
  service(
    "aws:transfer/server:Server",
    { private: { endpointType: "VPC" } },
    { "its default": {}, public: { endpointType: "PUBLIC" } },
  );
  service(
    "aws:eks/cluster:Cluster",
    { private: { vpcConfig: { endpointPublicAccess: false } } },
    { "its default": {} },
  );
  service("aws:codebuild/project:Project", { "in a VPC": { vpcConfig: { subnets: ["s"] } } }, { "outside of it": {} });
  service("aws:neptunegraph/graph:Graph", { "its default": {} }, { public: { publicConnectivity: true } });
  cases(netNoPublicService, {
    type: "aws:redshift/cluster:Cluster",
    unknown: { "what is not known": { publiclyAccessible: UNKNOWN } },
  });
  cases(rdsNotPublic, {
    type: "aws:rds/instance:Instance",
    passes: { "its default": {}, private: { publiclyAccessible: false } },
    fails: { public: { publiclyAccessible: true } },
    unknown: { "what is not known": { publiclyAccessible: UNKNOWN } },
  });
  it("rds-not-public closes a database where asked to", () => {
    const inputs: Inputs = { publiclyAccessible: true };
    assert.equal(remediated(rdsNotPublic, inputs, "aws:rds/instance:Instance"), true);
    assert.deepEqual(inputs, { publiclyAccessible: false });
    assert.equal(remediated(rdsNotPublic, {}, ""), false);
  });

  cases(ecsNoPublicIp, {
    type: "aws:ecs/service:Service",
    passes: { "its default": {}, false: { networkConfiguration: { assignPublicIp: false } } },
    fails: { true: { networkConfiguration: { assignPublicIp: true } } },
    unknown: { "what is not known": { networkConfiguration: UNKNOWN } },
  });
  cases(ecsNoPublicIp, {
    type: "aws:pipes/pipe:Pipe",
    fails: {
      ENABLED: {
        targetParameters: {
          ecsTaskParameters: { networkConfiguration: { awsVpcConfiguration: { assignPublicIp: "ENABLED" } } },
        },
      },
    },
  });
  cases(albInternal, {
    type: "aws:lb/loadBalancer:LoadBalancer",
    passes: { internal: { internal: true }, "a gateway load balancer": { loadBalancerType: "gateway" } },
    fails: { "its default": {}, "facing the internet": { internal: false } },
    unknown: { "what is not known": { internal: UNKNOWN } },
  });
  cases(lambdaInVpc, {
    type: "aws:lambda/function:Function",
    passes: {
      "in a VPC": { vpcConfig: { subnetIds: ["s"] } },
      "in subnets that are not known": { vpcConfig: { subnetIds: UNKNOWN } },
    },
    fails: { "outside of it": {}, "in no subnet": { vpcConfig: { subnetIds: [] } } },
    unknown: { "a configuration that is not known": { vpcConfig: UNKNOWN } },
  });
  cases(apigwPrivateAuthz, {
    type: "aws:apigateway/restApi:RestApi",
    passes: {
      private: { endpointConfiguration: { types: "PRIVATE" } },
      "private in a list": { endpointConfiguration: { types: ["PRIVATE"] } },
    },
    fails: { "its default": {}, regional: { endpointConfiguration: { types: "REGIONAL" } } },
  });
  cases(apigwPrivateAuthz, { type: "aws:apigatewayv2/api:Api", fails: { "an HTTP API": {} } });
  cases(apigwAuthorized, {
    type: "aws:apigateway/method:Method",
    passes: {
      IAM: { authorization: "AWS_IAM" },
      "a key": { authorization: "NONE", apiKeyRequired: true },
      preflight: { authorization: "NONE", httpMethod: "OPTIONS" },
    },
    fails: { nobody: { authorization: "NONE" }, "its default": {} },
  });
  cases(apigwAuthorized, {
    type: "aws:apigatewayv2/route:Route",
    passes: { JWT: { authorizationType: "JWT" } },
    fails: { nobody: {} },
  });
  cases(apigwAccessLogs, {
    type: "aws:apigateway/stage:Stage",
    passes: { logs: { accessLogSettings: { destinationArn: UNKNOWN } } },
    fails: { "no logs": {}, "an empty name": { accessLogSettings: { destinationArn: "" } } },
  });
  const METHOD = "aws:apigateway/methodSettings:MethodSettings";
  cases(apigwCacheEncrypted, {
    type: METHOD,
    passes: {
      "no cache": { settings: {} },
      "an encrypted one": { settings: { cachingEnabled: true, cacheDataEncrypted: true } },
    },
    fails: { "an open one": { settings: { cachingEnabled: true } } },
  });
  it("apigw-cache-encrypted encrypts a cache where asked to", () => {
    const inputs: Inputs = { settings: { cachingEnabled: true } };
    assert.equal(remediated(apigwCacheEncrypted, inputs, METHOD), true);
    assert.deepEqual(inputs, { settings: { cachingEnabled: true, cacheDataEncrypted: true } });
    assert.equal(remediated(apigwCacheEncrypted, inputs, METHOD), false);
  });
});

describe("VPC endpoints only: the endpoints", () => {
  const POLICY = {
    Statement: [
      {
        Effect: "Allow",
        Principal: "*",
        Action: "*",
        Resource: "*",
        Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } },
      },
    ],
  };
  const endpoint = (changes: Inputs = {}): Inputs => ({
    vpcEndpointType: "Interface",
    serviceName: "com.amazonaws.ap-northeast-1.ssm",
    privateDnsEnabled: true,
    securityGroupIds: ["sg-1"],
    subnetIds: ["a", "b"],
    policy: JSON.stringify(POLICY),
    ...changes,
  });
  cases(vpcePrivateDns, {
    type: ENDPOINT,
    passes: {
      "private names": endpoint(),
      "a gateway endpoint": endpoint({ vpcEndpointType: "Gateway", privateDnsEnabled: undefined }),
      "a gateway endpoint by default": endpoint({ vpcEndpointType: undefined, privateDnsEnabled: undefined }),
      "somebody's own service": endpoint({
        serviceName: "com.amazonaws.vpce.ap-northeast-1.vpce-svc-1",
        privateDnsEnabled: false,
      }),
    },
    fails: {
      "its default": endpoint({ privateDnsEnabled: undefined }),
      "public names": endpoint({ privateDnsEnabled: false }),
    },
    unknown: {
      "what is not known": endpoint({ privateDnsEnabled: UNKNOWN }),
      "a kind that is not known": endpoint({ vpcEndpointType: UNKNOWN }),
    },
  });
  it("vpce-private-dns switches private names on where asked to", () => {
    const inputs: Inputs = { vpcEndpointType: "Interface" };
    assert.equal(remediated(vpcePrivateDns, inputs, ENDPOINT), true);
    assert.deepEqual(inputs, { vpcEndpointType: "Interface", privateDnsEnabled: true });
    assert.equal(remediated(vpcePrivateDns, { vpcEndpointType: "Gateway" }, ENDPOINT), false);
  });
  cases(vpceExplicitSg, {
    type: ENDPOINT,
    passes: { "a group": endpoint(), "groups that are not known": endpoint({ securityGroupIds: UNKNOWN }) },
    fails: { none: endpoint({ securityGroupIds: undefined }), "an empty list": endpoint({ securityGroupIds: [] }) },
  });
  cases(vpceMultiAz, {
    type: ENDPOINT,
    passes: {
      "two subnets": endpoint(),
      "two configurations": endpoint({ subnetIds: [], subnetConfigurations: [{}, {}] }),
    },
    fails: { one: endpoint({ subnetIds: ["a"] }), none: endpoint({ subnetIds: undefined }) },
    unknown: { "subnets that are not known": endpoint({ subnetIds: UNKNOWN }) },
  });
  cases(vpceS3Gateway, {
    type: ENDPOINT,
    passes: {
      "a route table": { routeTableIds: ["r"] },
      "tables that are not known": { routeTableIds: UNKNOWN },
      "an interface endpoint": endpoint(),
    },
    fails: { none: { serviceName: "com.amazonaws.r.s3" } },
  });

  const scoped = (statement: Inputs, ...others: Inputs[]): Inputs =>
    endpoint({
      policy: JSON.stringify({
        Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*", ...statement }, ...others],
      }),
    });
  cases(vpcePolicyScoped, {
    type: ENDPOINT,
    passes: {
      "one's own principals": endpoint(),
      "a policy as an object": endpoint({ policy: POLICY }),
      "one's own resources": scoped({ Condition: { StringEquals: { "aws:ResourceAccount": "111122223333" } } }),
      "one's own organization": scoped({ Condition: { StringLike: { "aws:PrincipalOrgPaths": "o-1/*" } } }),
      "named principals": scoped({ Principal: { AWS: "111122223333" } }),
      "named actions": scoped({ Action: ["ssm:UpdateInstanceInformation"] }),
      "actions of one verb": scoped({ Action: ["ssm:Get*", "*Item"] }),
      "an endpoint that takes no policy": endpoint({ vpcEndpointType: "GatewayLoadBalancer", policy: undefined }),
      "a kind that is not known, with a policy": endpoint({ vpcEndpointType: UNKNOWN }),
      "named resources": scoped({ Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" }),
      "a Deny of everybody else": scoped(
        {},
        {
          Effect: "Deny",
          Principal: "*",
          Action: "*",
          Resource: "*",
          Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } },
        },
      ),
      "somebody's own service": endpoint({ serviceName: "com.amazonaws.vpce.r.vpce-svc-1", policy: undefined }),
    },
    fails: {
      "no policy": endpoint({ policy: undefined }),
      "an empty policy": endpoint({ policy: "" }),
      "everything for everybody": scoped({}),
      "everything for everybody, written as AWS does": scoped({ Principal: { AWS: "*" } }),
      "all of one service": scoped({ Action: "s3:*" }),
      "all but some actions": scoped({ Action: undefined, NotAction: "s3:DeleteBucket" }),
      "a condition with a wildcard": scoped({ Condition: { StringLike: { "aws:PrincipalAccount": "*" } } }),
      "a condition that excludes": scoped({
        Condition: { StringNotEquals: { "aws:PrincipalAccount": "111122223333" } },
      }),
      "a condition that absence satisfies": scoped({
        Condition: { StringEqualsIfExists: { "aws:PrincipalAccount": "111122223333" } },
      }),
      "a condition that all of nothing satisfies": scoped({
        Condition: { "ForAllValues:StringEquals": { "aws:PrincipalOrgPaths": "o-1/*" } },
      }),
      "a condition with a wildcard among values": scoped({
        Condition: { StringLike: { "aws:PrincipalAccount": ["111122223333", "*"] } },
      }),
      "a condition of another operator": scoped({ Condition: { Null: { "aws:PrincipalAccount": "false" } } }),
      "a Deny that excludes nothing": scoped(
        {},
        {
          Effect: "Deny",
          Principal: "*",
          Action: "*",
          Resource: "*",
          Condition: { StringNotEquals: { "aws:RequestedRegion": "r" } },
        },
      ),
      "all principals but one": scoped({ Principal: undefined, NotPrincipal: { AWS: "111122223333" } }),
      "no principal named": scoped({ Principal: undefined }),
      "all of one service among others": scoped({ Action: ["ssm:GetParameter", "s3:*"] }),
      "a service of AWS's newer kind": endpoint({
        serviceName: "aws.api.ap-northeast-1.bedrock-runtime",
        policy: undefined,
      }),
      "a service of China": endpoint({ serviceName: "cn.com.amazonaws.cn-north-1.s3", policy: undefined }),
      "a service in a region that is an expression": endpoint({
        serviceName: "com.amazonaws.${var.region}.s3",
        policy: undefined,
      }),
      "another condition": scoped({ Condition: { Bool: { "aws:SecureTransport": "true" } } }),
    },
    unknown: {
      "a policy that is not known": endpoint({ policy: UNKNOWN }),
      "an action that is not known": scoped({ Action: [UNKNOWN] }),
    },
  });

  const NEEDED = [
    "ssm",
    "ssmmessages",
    "bedrock-runtime",
    "ecr.api",
    "ecr.dkr",
    "logs",
    "monitoring",
    "secretsmanager",
    "kms",
    "sts",
    "s3",
  ];
  const vpcWith = (services: readonly string[], vpcId: unknown = "vpc-1") => [
    resource(VPC, { id: "vpc-1" }),
    ...services.map((service) =>
      resource(ENDPOINT, { vpcId, serviceName: `com.amazonaws.ap-northeast-1.${service}` }, service),
    ),
  ];
  cases(vpceRequiredSet, {
    passes: {
      "all of them": vpcWith(NEEDED),
      "one in its FIPS form": vpcWith(NEEDED.map((service) => (service === "kms" ? "kms-fips" : service))),
      "endpoints known by dependency alone": [
        resource(VPC, {}),
        ...NEEDED.map((service) =>
          resource(ENDPOINT, { vpcId: UNKNOWN, serviceName: `com.amazonaws.r.${service}` }, service, {
            propertyDependencies: { vpcId: [urnOf(VPC)] },
          }),
        ),
      ],
    },
    fails: {
      none: [resource(VPC, { id: "vpc-1" })],
      "all but one": vpcWith(NEEDED.slice(1)),
      "another VPC's": [...vpcWith(NEEDED), resource(VPC, { id: "vpc-2" }, "second")],
    },
    unknown: {
      "endpoints of a VPC that is not known": vpcWith(NEEDED, UNKNOWN),
      "a service that is not known": [
        ...vpcWith(NEEDED.slice(1)),
        resource(ENDPOINT, { vpcId: "vpc-1", serviceName: UNKNOWN }, "x"),
      ],
    },
  });
  cases(vpceRequiredSet, { config: { services: ["ssm"] }, passes: { "those a config names": vpcWith(["ssm"]) } });
  it("vpce-required-set names what is missing", () => {
    assert.deepEqual(violations(judge(vpceRequiredSet, vpcWith(NEEDED.slice(2)))), [
      "it has no endpoint for ssm, ssmmessages",
    ]);
  });
});

describe("VPC endpoints only: buckets", () => {
  const ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"];
  const bucket = (...statements: Inputs[]): Inputs => ({
    bucket: "b",
    policy: JSON.stringify({ Statement: statements }),
  });
  const fence = (changes: Inputs = {}): Inputs => ({
    Effect: "Deny",
    Principal: "*",
    Action: ACTIONS,
    Resource: "*",
    Condition: { StringNotEqualsIfExists: { "aws:SourceVpce": "vpce-1" } },
    ...changes,
  });
  cases(s3VpceOnly, {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    passes: {
      "an endpoint": bucket(fence()),
      "a VPC, for all actions": bucket(
        fence({ Action: "s3:*", Condition: { StringNotEquals: { "aws:SourceVpc": "vpc-1" } } }),
      ),
      "the account that owns the endpoint": bucket(
        fence({ Condition: { StringNotEquals: { "aws:VpceAccount": "111122223333" } } }),
      ),
      "several Denies": bucket(...ACTIONS.map((Action) => fence({ Action }))),
      "principals given as AWS": bucket(fence({ Principal: { AWS: "*" } })),
    },
    fails: {
      "no Deny": bucket({ Effect: "Allow", Principal: { AWS: "1" }, Action: "s3:*", Resource: "*" }),
      "a Deny of writing alone": bucket(fence({ Action: "s3:PutObject" })),
      "a Deny for one principal": bucket(fence({ Principal: { AWS: "111122223333" } })),
      "a Deny on TLS": bucket(fence({ Condition: { Bool: { "aws:SecureTransport": "false" } } })),
      "a Deny where the endpoint is one's own": bucket(
        fence({ Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } }),
      ),
      "no statement": bucket(),
    },
    unknown: {
      "a policy that is not known": { policy: UNKNOWN },
      "actions that are not known": bucket(fence({ Action: UNKNOWN })),
    },
  });
});
