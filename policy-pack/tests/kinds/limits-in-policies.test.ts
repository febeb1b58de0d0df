import { s3VpceOnly } from "../../src/baselines/vpc-endpoints-only/s3-vpce-only";
import { iamNoPrivesc } from "../../src/baselines/ssm-mfa/iam-no-privesc";
import { kmsKeyPolicyNoWildcard } from "../../src/baselines/kms-everywhere/kms-key-policy-no-wildcard";
import { bedrockInvokeThroughEndpoint } from "../../src/controls/bedrock";
import { iamTrustAccountConditioned, iamTrustServiceSource } from "../../src/controls/iam-trust";
import { lambdaNotPublic } from "../../src/controls/lambda";
import { eventbridgeBusPolicy } from "../../src/controls/messaging";
import { document, ROOT } from "../controls/documents";
import { cases, UNKNOWN, type Inputs } from "../support";

// Each policy that asks for a condition asks what the condition says.
describe("a condition that limits nobody", () => {
  const permission = (changes: Inputs): Inputs => ({ action: "lambda:InvokeFunction", function: "f", ...changes });
  cases(lambdaNotPublic, {
    type: "aws:lambda/permission:Permission",
    passes: {
      "an API of an account": permission({
        principal: "apigateway.amazonaws.com",
        sourceArn: "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/*",
      }),
      "a bucket of an account": permission({
        principal: "s3.amazonaws.com",
        sourceArn: "arn:aws:s3:::ledger",
        sourceAccount: "111122223333",
      }),
      "one skill of Alexa": permission({
        principal: "alexa-appkit.amazon.com",
        eventSourceToken: "amzn1.ask.skill.00000000-0000-0000-0000-000000000000",
      }),
      "an unknown source": permission({ principal: "events.amazonaws.com", sourceArn: UNKNOWN }),
    },
    fails: {
      "everybody's API": permission({ principal: "apigateway.amazonaws.com", sourceArn: "arn:aws:execute-api:*:*:*" }),
      "any account": permission({ principal: "events.amazonaws.com", sourceAccount: "*" }),
      "a bucket that somebody may make anew": permission({
        principal: "s3.amazonaws.com",
        sourceArn: "arn:aws:s3:::ledger",
      }),
      "every skill of Alexa": permission({ principal: "alexa-appkit.amazon.com" }),
      "everyone by a source": permission({ principal: "*", sourceArn: "arn:aws:events:eu-west-1:111122223333:rule/r" }),
    },
  });
  const bus = (value: string, key = "aws:PrincipalOrgID", type = "StringEquals"): Inputs => ({
    principal: "*",
    statementId: "s",
    condition: { key, type, value },
  });
  cases(eventbridgeBusPolicy, {
    type: "aws:cloudwatch/eventPermission:EventPermission",
    passes: { "an organization": bus("o-1a2b3c4d5e"), "an unknown organization": bus(UNKNOWN) },
    fails: { "every organization": bus("o-*"), "another key": bus("x", "aws:PrincipalTag/team") },
  });
  const key = (Condition: object, Principal: unknown = "*"): Inputs => ({
    policy: document({ Effect: "Allow", Principal, Action: "kms:Decrypt", Resource: "*", Condition }),
  });
  cases(kmsKeyPolicyNoWildcard, {
    type: "aws:kms/key:Key",
    passes: {
      "an account by a service": key({
        StringEquals: { "kms:CallerAccount": "111122223333", "kms:ViaService": "rds.eu-west-1.amazonaws.com" },
      }),
      "the account of the bucket that asks": key({ StringEquals: { "aws:SourceAccount": "111122223333" } }),
    },
    fails: {
      "a tenth of all accounts": key({ StringLike: { "kms:CallerAccount": "1*" } }),
      "a service alone": key({ StringEquals: { "kms:ViaService": "rds.eu-west-1.amazonaws.com" } }),
      "a role's name in any account": key({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/a" } }),
    },
  });
  const trust = (Condition: object, Principal: object = { AWS: ROOT }): Inputs => ({
    assumeRolePolicy: document({ Effect: "Allow", Principal, Action: "sts:AssumeRole", Condition }),
  });
  cases(iamTrustAccountConditioned, {
    type: "aws:iam/role:Role",
    passes: { "roles of a path": trust({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci/*" } }) },
    fails: {
      "any external id": trust({ StringLike: { "sts:ExternalId": "*" } }),
      "any principal": trust({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:*" } }),
      "no MFA": trust({ Bool: { "aws:MultiFactorAuthPresent": "false" } }),
    },
  });
  cases(iamTrustServiceSource, {
    type: "aws:iam/role:Role",
    fails: {
      "a rule's name in any account": trust(
        { ArnLike: { "aws:SourceArn": "arn:aws:events:*:*:rule/nightly" } },
        { Service: "events.amazonaws.com" },
      ),
    },
  });
  const identity = (Action: string, Condition: object): Inputs => ({
    policy: document({ Effect: "Allow", Action, Resource: "*", Condition }),
  });
  cases(iamNoPrivesc, {
    type: "aws:iam/policy:Policy",
    passes: { "one service": identity("iam:PassRole", { StringLike: { "iam:PassedToService": "ecs-tasks.*" } }) },
    fails: { "any service": identity("iam:PassRole", { StringLike: { "iam:PassedToService": "*" } }) },
  });
  cases(bedrockInvokeThroughEndpoint, {
    type: "aws:iam/policy:Policy",
    passes: {
      "an endpoint": identity("bedrock:InvokeModel", { StringEquals: { "aws:SourceVpce": "vpce-0123456789abcdef0" } }),
      "private addresses": identity("bedrock:InvokeModel", { IpAddress: { "aws:VpcSourceIp": "10.0.0.0/16" } }),
    },
    fails: {
      "any endpoint": identity("bedrock:InvokeModel", { StringLike: { "aws:SourceVpce": "vpce-*" } }),
      "all but an endpoint": identity("bedrock:InvokeModel", { StringNotEquals: { "aws:SourceVpce": "vpce-1" } }),
    },
  });
  cases(s3VpceOnly, {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    fails: {
      "addresses left through that are all": {
        bucket: "ledger",
        policy: document({
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws:s3:::ledger", "arn:aws:s3:::ledger/*"],
          Condition: {
            StringNotEquals: { "aws:SourceVpce": "vpce-0123456789abcdef0" },
            NotIpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] },
          },
        }),
      },
    },
  });
});
