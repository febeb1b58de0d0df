import assert from "node:assert/strict";
import { kmsCmkRequired } from "../../src/baselines/kms-everywhere/kms-cmk-required";
import { kmsKeyRotation } from "../../src/baselines/kms-everywhere/kms-key-rotation";
import { kmsS3BucketHasSse } from "../../src/baselines/kms-everywhere/kms-s3-bucket-has-sse";
import { netNoPublicSsh } from "../../src/baselines/no-public-ssh/net-no-public-ssh";
import { iamHumanTrustRequiresMfa } from "../../src/baselines/ssm-mfa/iam-human-trust-requires-mfa";
import { iamNoSessionGrantingManagedPolicy } from "../../src/baselines/ssm-mfa/iam-no-session-granting-managed-policy";
import { ssmSessionRequiresMfa } from "../../src/baselines/ssm-mfa/ssm-session-requires-mfa";
import { ssmSessionRunAs } from "../../src/baselines/ssm-mfa/ssm-session-run-as";
import { netNoEip } from "../../src/baselines/vpc-endpoints-only/net-no-eip";
import { netNoInternetRoute } from "../../src/baselines/vpc-endpoints-only/net-no-internet-route";
import { netNoNatGateway } from "../../src/baselines/vpc-endpoints-only/net-no-nat-gateway";
import { netSubnetNoPublicIp } from "../../src/baselines/vpc-endpoints-only/net-subnet-no-public-ip";
import { vpcePolicyScoped } from "../../src/baselines/vpc-endpoints-only/vpce-policy-scoped";
import { netNoInternetGateway } from "../../src/baselines/vpc-endpoints-only/net-no-internet-gateway";
import { netNoUnrestrictedEgress } from "../../src/baselines/vpc-endpoints-only/net-no-unrestricted-egress";
import { s3PublicAccessBlock } from "../../src/controls/s3";
import { judgeStack, judgeViews, settings } from "../../src/frame/judge";
import { isStackPolicy, type Policy } from "../../src/frame/policy";
import { StackView, viewsOf } from "../../src/frame/view";
import { decode, UNKNOWN } from "../../src/frame/wire";
import { urnOf } from "../support";

type Inputs = Readonly<Record<string, unknown>>;

/** The kinds of finding on a resource as AWS Native and as Cloud Control have it. */
function kinds(policy: Policy, cloudFormation: string, inputs: Inputs): string[] {
  const [, module = "", name = ""] = cloudFormation.split("::");
  const native = [`aws-native:${module.toLowerCase()}:${name}`, camel(inputs)] as const;
  const desiredState = JSON.stringify(inputs);
  const control = ["aws:cloudcontrol/resource:Resource", { typeName: cloudFormation, desiredState }] as const;
  const [first, second] = [native, control].map(([type, given]) => {
    const views = viewsOf({ type, name: "it", urn: urnOf(type), inputs: decode(given) });
    assert.ok(views.every(({ urn }) => urn === urnOf(type)));
    const alone = isStackPolicy(policy) ? [] : judgeViews(policy, views, settings(policy)).findings;
    return [...alone, ...judgeStack(policy, new StackView(views), settings(policy)).findings].map(({ kind }) => kind);
  });
  assert.deepEqual(first, second);
  return first ?? [];
}

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.charAt(0).toLowerCase() + key.slice(1), camel(member)]),
  );
}

const GROUP = "AWS::EC2::SecurityGroup";
const ssh = (more: Inputs): Inputs => ({
  GroupDescription: "x",
  SecurityGroupIngress: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, ...more }],
});
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/k";
const bucket = (more: Inputs = {}): Inputs => ({ BucketName: "x", ...more });
const under = (rule: Inputs): Inputs =>
  bucket({ BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: rule }] } });
const BLOCKED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

const document = (statement: Inputs): Inputs => ({ Version: "2012-10-17", Statement: [statement] });
const ALL = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };
const MFA = { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } };
const ENDPOINT = { VpcId: "vpc-1", ServiceName: "com.amazonaws.eu-west-1.ssm", VpcEndpointType: "Interface" };
const route = (target: Inputs): Inputs => ({ RouteTableId: "r", DestinationCidrBlock: "0.0.0.0/0", ...target });
const session = (inputs: Inputs): Inputs => ({
  DocumentType: "Session",
  Content: { schemaVersion: "1.0", sessionType: "Standard_Stream", inputs },
});
const trust = (more: Inputs): Inputs => ({
  AssumeRolePolicyDocument: document({
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111122223333:root" },
    Action: "sts:AssumeRole",
    ...more,
  }),
});
const sessions = (more: Inputs): Inputs => ({
  PolicyDocument: document({ Effect: "Allow", Action: "ssm:StartSession", Resource: "*", ...more }),
});

const ROWS: readonly (readonly [what: string, Policy, type: string, Inputs, verdict: string[]])[] = [
  ["SSH from everywhere", netNoPublicSsh, GROUP, ssh({ CidrIp: "0.0.0.0/0" }), ["violation"]],
  ["SSH from everywhere by IPv6", netNoPublicSsh, GROUP, ssh({ CidrIpv6: "::/0" }), ["violation"]],
  ["SSH from the network", netNoPublicSsh, GROUP, ssh({ CidrIp: "10.0.0.0/8" }), []],
  ["SSH from what is not known", netNoPublicSsh, GROUP, ssh({ CidrIp: UNKNOWN }), ["undeterminable"]],
  [
    "a rule by itself",
    netNoPublicSsh,
    "AWS::EC2::SecurityGroupIngress",
    { GroupId: "sg-1", IpProtocol: "-1", CidrIp: "0.0.0.0/0" },
    ["violation"],
  ],
  ["a group that lets everything out by default", netNoUnrestrictedEgress, GROUP, ssh({}), ["violation"]],
  [
    "a group that lets out what it names",
    netNoUnrestrictedEgress,
    GROUP,
    { SecurityGroupEgress: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIp: "10.0.0.0/8" }] },
    [],
  ],
  ["an internet gateway", netNoInternetGateway, "AWS::EC2::InternetGateway", {}, ["violation"]],
  ["a bucket without encryption", kmsS3BucketHasSse, "AWS::S3::Bucket", bucket(), ["violation"]],
  ["a bucket without a name or encryption", kmsS3BucketHasSse, "AWS::S3::Bucket", {}, ["violation"]],
  [
    "a bucket under a key of one's own",
    kmsS3BucketHasSse,
    "AWS::S3::Bucket",
    under({ SSEAlgorithm: "aws:kms", KMSMasterKeyID: KEY }),
    [],
  ],
  ["a bucket under S3's keys", kmsS3BucketHasSse, "AWS::S3::Bucket", under({ SSEAlgorithm: "AES256" }), ["violation"]],
  ["an open bucket", s3PublicAccessBlock, "AWS::S3::Bucket", bucket(), ["violation"]],
  [
    "a closed bucket without a name",
    s3PublicAccessBlock,
    "AWS::S3::Bucket",
    { PublicAccessBlockConfiguration: BLOCKED },
    [],
  ],
  ["an address", netNoEip, "AWS::EC2::EIP", {}, ["violation"]],
  ["a public NAT gateway", netNoNatGateway, "AWS::EC2::NatGateway", { SubnetId: "s" }, ["violation"]],
  ["a private NAT gateway", netNoNatGateway, "AWS::EC2::NatGateway", { ConnectivityType: "private" }, []],
  ["a route to the internet", netNoInternetRoute, "AWS::EC2::Route", route({ GatewayId: "igw-1" }), ["violation"]],
  ["a route by NAT", netNoInternetRoute, "AWS::EC2::Route", route({ NatGatewayId: "nat-1" }), ["violation"]],
  [
    "a route to a peer",
    netNoInternetRoute,
    "AWS::EC2::Route",
    { ...route({}), DestinationCidrBlock: "10.1.0.0/16" },
    [],
  ],
  ["a public subnet", netSubnetNoPublicIp, "AWS::EC2::Subnet", { MapPublicIpOnLaunch: true }, ["violation"]],
  ["a private subnet", netSubnetNoPublicIp, "AWS::EC2::Subnet", { CidrBlock: "10.0.0.0/24" }, []],
  ["an endpoint without a policy", vpcePolicyScoped, "AWS::EC2::VPCEndpoint", ENDPOINT, ["violation"]],
  [
    "an endpoint for one account",
    vpcePolicyScoped,
    "AWS::EC2::VPCEndpoint",
    { ...ENDPOINT, PolicyDocument: document({ ...ALL, Condition: { StringEquals: { "aws:PrincipalAccount": "1" } } }) },
    [],
  ],
  ["a session of ssm-user", ssmSessionRunAs, "AWS::SSM::Document", session({ runAsEnabled: false }), ["violation"]],
  ["a session of another user", ssmSessionRunAs, "AWS::SSM::Document", session({ runAsEnabled: true }), []],
  ["a trust without MFA", iamHumanTrustRequiresMfa, "AWS::IAM::Role", trust({}), ["violation"]],
  ["a trust with MFA", iamHumanTrustRequiresMfa, "AWS::IAM::Role", trust(MFA), []],
  [
    "a trust that is not known",
    iamHumanTrustRequiresMfa,
    "AWS::IAM::Role",
    { AssumeRolePolicyDocument: UNKNOWN },
    ["undeterminable"],
  ],
  ["sessions without MFA", ssmSessionRequiresMfa, "AWS::IAM::ManagedPolicy", sessions({}), ["violation"]],
  ["sessions with MFA", ssmSessionRequiresMfa, "AWS::IAM::ManagedPolicy", sessions(MFA), []],
  [
    "a permission set with an administrator's policy",
    iamNoSessionGrantingManagedPolicy,
    "AWS::SSO::PermissionSet",
    { ManagedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
    ["violation"],
  ],
  ["a queue without a key", kmsCmkRequired, "AWS::SQS::Queue", {}, ["violation"]],
  ["a queue with a key", kmsCmkRequired, "AWS::SQS::Queue", { KmsMasterKeyId: KEY }, []],
  ["a key that does not rotate", kmsKeyRotation, "AWS::KMS::Key", { EnableKeyRotation: false }, ["violation"]],
  ["a key that rotates", kmsKeyRotation, "AWS::KMS::Key", { EnableKeyRotation: true }, []],
];

describe("resources of AWS Native and of Cloud Control", () => {
  for (const [what, policy, type, inputs, verdict] of ROWS)
    it(`${policy.name}: ${what}`, () => assert.deepEqual(kinds(policy, type, inputs), verdict));

  it("stay as they are where no mapping is certain", () => {
    const of = (type: string, inputs: Inputs): string[] =>
      viewsOf({ type, name: "it", urn: urnOf(type), inputs }).map((view) => view.type);
    const control = "aws:cloudcontrol/resource:Resource";
    assert.deepEqual(of("aws-native:lambda:Function", {}), ["aws-native:lambda:Function"]);
    for (const typeName of ["AWS::IAM::Role", UNKNOWN, undefined])
      assert.deepEqual(of(control, { typeName, desiredState: "{}" }), [control]);
    for (const desiredState of [UNKNOWN, "no JSON", undefined])
      assert.deepEqual(of(control, { typeName: GROUP, desiredState }), [control]);
  });

  it("keep a secret's mark", () => {
    const type = "aws-native:sns:Topic";
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "arn:secret" };
    const [view] = viewsOf({ type, name: "it", urn: urnOf(type), inputs: decode({ kmsMasterKeyId: secret }) });
    assert.equal(view?.at("kmsMasterKeyId").show(), "[secret]");
  });
});
