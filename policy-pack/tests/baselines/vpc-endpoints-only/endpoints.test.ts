import assert from "node:assert/strict";
import { vpceExplicitSg } from "../../../src/baselines/vpc-endpoints-only/vpce-explicit-sg";
import { vpceMultiAz } from "../../../src/baselines/vpc-endpoints-only/vpce-multi-az";
import { vpcePrivateDns } from "../../../src/baselines/vpc-endpoints-only/vpce-private-dns";
import { vpceS3Gateway } from "../../../src/baselines/vpc-endpoints-only/vpce-s3-gateway";
import { vpcePolicyScoped } from "../../../src/baselines/vpc-endpoints-only/vpce-policy-scoped";
import { vpceRequiredSet } from "../../../src/baselines/vpc-endpoints-only/vpce-required-set";
import { remediated } from "../../../src/frame/judge";
import { cases, judge, resource, UNKNOWN, urnOf, violations, type Inputs } from "../../support";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const VPC = "aws:ec2/vpc:Vpc";

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
  const only = (vpc: Inputs) => [resource(VPC, vpc), ...vpcWith(NEEDED, UNKNOWN).slice(1)];
  cases(vpceRequiredSet, {
    passes: {
      "all of them": vpcWith(NEEDED),
      "one in its FIPS form": vpcWith(NEEDED.map((service) => (service === "kms" ? "kms-fips" : service))),
      "endpoints of the only VPC, neither of which is known": only({ id: UNKNOWN }),
      "endpoints of the only VPC, which has no id yet": only({}),
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
      "all but one, of the only VPC": only({}).slice(0, -1),
      "another VPC's": [...vpcWith(NEEDED), resource(VPC, { id: "vpc-2" }, "second")],
    },
    unknown: {
      "endpoints of one of two VPCs that are not known": [...only({}), resource(VPC, {}, "second")],
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
