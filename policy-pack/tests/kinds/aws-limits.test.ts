import assert from "node:assert/strict";
import { kmsCmkRequired } from "../../src/baselines/kms-everywhere/kms-cmk-required";
import { kmsS3BucketHasSse } from "../../src/baselines/kms-everywhere/kms-s3-bucket-has-sse";
import { iamNoPrivesc } from "../../src/baselines/ssm-mfa/iam-no-privesc";
import { ssmSessionRequiresMfa } from "../../src/baselines/ssm-mfa/ssm-session-requires-mfa";
import { vpceRequiredSet } from "../../src/baselines/vpc-endpoints-only/vpce-required-set";
import { document } from "../controls/documents";
import { cases, judge, resource, UNKNOWN, violations, type Inputs } from "../support";

// What AWS itself does not offer, no policy demands.
const bucket = (inputs: Inputs = {}) => resource("aws:s3/bucket:Bucket", { bucket: "logs", ...inputs }, "b");
const encrypted = (rule: Inputs, name = "logs") =>
  resource(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    { bucket: name, rules: [{ applyServerSideEncryptionByDefault: rule }] },
    "sse",
  );
const AES = { sseAlgorithm: "AES256" };
const OWN = { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:eu-west-1:111122223333:key/k" };
const balancer = (inputs: Inputs = {}) =>
  resource("aws:lb/loadBalancer:LoadBalancer", { accessLogs: { bucket: "logs", enabled: true }, ...inputs }, "lb");
const logging = resource("aws:s3/bucketLogging:BucketLogging", { bucket: "data", targetBucket: "logs" }, "l");

describe("a bucket whose logs AWS writes under S3's own keys alone", () => {
  for (const policy of [kmsS3BucketHasSse, kmsCmkRequired]) {
    cases(policy, {
      passes: {
        "an application load balancer's": [bucket(), encrypted(AES), balancer()],
        "a classic load balancer's": [
          bucket(),
          encrypted(AES),
          resource("aws:elb/loadBalancer:LoadBalancer", { accessLogs: { bucket: "logs" } }, "elb"),
        ],
        "S3's own access log": [bucket(), encrypted(AES), logging],
        "a key of one's own, for whatever it is": [bucket(), encrypted(OWN)],
      },
      fails: {
        "nobody's logs": [bucket(), encrypted(AES)],
        "a network load balancer's": [bucket(), encrypted(AES), balancer({ loadBalancerType: "network" })],
        "another bucket's": [bucket(), encrypted(AES), balancer({ accessLogs: { bucket: "others" } })],
        "a bucket that keeps such a log of itself": [
          bucket(),
          encrypted(AES),
          resource("aws:s3/bucketLogging:BucketLogging", { bucket: "logs", targetBucket: "others" }, "l"),
        ],
      },
      unknown: {
        "a load balancer's that is not known": [
          bucket(),
          encrypted(AES),
          balancer({ accessLogs: { bucket: UNKNOWN } }),
        ],
      },
    });
  }
});

describe("one cause", () => {
  it("is one finding of each policy", () => {
    const stack = [bucket(), encrypted(AES)];
    for (const policy of [kmsS3BucketHasSse, kmsCmkRequired]) assert.equal(violations(judge(policy, stack)).length, 1);
    const everything = { policy: document({ Effect: "Allow", Action: "iam:*", Resource: "*" }) };
    const [found, ...others] = violations(judge(iamNoPrivesc, resource("aws:iam/policy:Policy", everything)));
    assert.match(found ?? "", /iam:CreatePolicyVersion, .*iam:PassRole on everything/);
    assert.deepEqual(others, []);
  });
});

describe("an object in a bucket", () => {
  const object = (inputs: Inputs = {}) =>
    resource("aws:s3/bucketObject:BucketObject", { bucket: "logs", key: "index.html", ...inputs }, "o");
  cases(kmsCmkRequired, {
    passes: { "of the stack, which is judged itself": [bucket(), encrypted(OWN), object()] },
    fails: {
      "of somebody else": [bucket(), encrypted(OWN), object({ bucket: "others" })],
      "under S3's own keys": [bucket(), encrypted(OWN), object({ serverSideEncryption: "AES256" })],
    },
    unknown: { "that is not known": [bucket(), encrypted(OWN), object({ bucket: UNKNOWN })] },
  });
});

describe("endpoints that a VPC needs", () => {
  const vpc = resource("aws:ec2/vpc:Vpc", { id: "vpc-1" }, "v");
  const services = [
    "ssm",
    "ssmmessages",
    "ecr.api",
    "ecr.dkr",
    "logs",
    "monitoring",
    "secretsmanager",
    "kms",
    "sts",
    "s3",
  ];
  const endpoints = services.map((service) =>
    resource(
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      { vpcId: "vpc-1", serviceName: `com.amazonaws.eu-west-1.${service}` },
      service,
    ),
  );
  const role = (Action: string, Effect = "Allow") =>
    resource("aws:iam/rolePolicy:RolePolicy", { role: "r", policy: document({ Effect, Action, Resource: "*" }) }, "p");
  cases(vpceRequiredSet, {
    passes: {
      "where nothing calls Bedrock": [vpc, ...endpoints, role("s3:GetObject")],
      "where calling it is denied": [vpc, ...endpoints, role("bedrock:*", "Deny")],
    },
    fails: {
      "where something calls Bedrock": [vpc, ...endpoints, role("bedrock:InvokeModel")],
      "but one": [vpc, ...endpoints.slice(1)],
    },
  });
});

describe("MFA for a call of one's own", () => {
  const policy = (Condition: Inputs): Inputs => ({
    policy: document(
      { Effect: "Allow", Action: "ssm:StartSession", Resource: "*" },
      { Effect: "Deny", NotAction: "iam:ListMFADevices", Resource: "*", Condition },
    ),
  });
  const without = { "aws:MultiFactorAuthPresent": "false" };
  const age = (seconds: number): Inputs => ({
    policy: document({
      Effect: "Allow",
      Action: "ssm:StartSession",
      Resource: "*",
      Condition: { NumericLessThan: { "aws:MultiFactorAuthAge": seconds } },
    }),
  });
  cases(ssmSessionRequiresMfa, {
    type: "aws:iam/groupPolicy:GroupPolicy",
    passes: {
      "AWS's Deny but for its services": policy({ BoolIfExists: { ...without, "aws:ViaAWSService": "false" } }),
      "a Deny but for services themselves": policy({
        BoolIfExists: { ...without, "aws:PrincipalIsAWSService": "false" },
      }),
      "MFA of this day": age(43_200),
    },
    fails: {
      "a Deny of calls by services only": policy({ BoolIfExists: { ...without, "aws:ViaAWSService": "true" } }),
      "a Deny on another condition": policy({ BoolIfExists: { ...without, "aws:SecureTransport": "false" } }),
      "MFA of this year": age(31_536_000),
    },
  });
  cases(ssmSessionRequiresMfa, {
    type: "aws:iam/groupPolicy:GroupPolicy",
    config: { mfaMaxAge: 900 },
    fails: { "MFA of this hour where a quarter is the most": age(3600) },
  });
});
