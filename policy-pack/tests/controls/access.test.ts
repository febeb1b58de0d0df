import { bedrockIamModelAllowlist } from "../../src/controls/bedrock/bedrock-iam-model-allowlist";
import { bedrockInvokeThroughEndpoint } from "../../src/controls/bedrock/bedrock-invoke-through-endpoint";
import { bedrockNoMantle } from "../../src/controls/bedrock/bedrock-no-mantle";
import { bedrockNoMarketplace } from "../../src/controls/bedrock/bedrock-no-marketplace";
import { bedrockOnlyGatewayInvokes } from "../../src/controls/bedrock/bedrock-only-gateway-invokes";
import { iamBoundaryRequired } from "../../src/controls/iam/iam-boundary-required";
import { iamNoAdmin } from "../../src/controls/iam/iam-no-admin";
import { iamNoBedrockApiKeys } from "../../src/controls/iam/iam-no-bedrock-api-keys";
import { iamNoConsoleUsers } from "../../src/controls/iam/iam-no-console-users";
import { iamNoCredentialExposure } from "../../src/controls/iam/iam-no-credential-exposure";
import { iamNoDataExfiltration } from "../../src/controls/iam/iam-no-data-exfiltration";
import { iamNoDecryptAll } from "../../src/controls/iam/iam-no-decrypt-all";
import { iamNoEveryAction } from "../../src/controls/iam/iam-no-every-action";
import { iamNoIamFullAccess } from "../../src/controls/iam/iam-no-iam-full-access";
import { iamNoServiceWildcard } from "../../src/controls/iam/iam-no-service-wildcard";
import { iamNoUserPolicies } from "../../src/controls/iam/iam-no-user-policies";
import { iamNoUsers } from "../../src/controls/iam/iam-no-users";
import { iamNoWildcardOnAll } from "../../src/controls/iam/iam-no-wildcard-on-all";
import { iamTrustAccountConditioned } from "../../src/controls/iam/iam-trust-account-conditioned";
import { iamTrustNotPublic } from "../../src/controls/iam/iam-trust-not-public";
import { iamTrustOidcSubject } from "../../src/controls/iam/iam-trust-oidc-subject";
import { iamTrustServiceSource } from "../../src/controls/iam/iam-trust-service-source";
import type { Policy } from "../../src/frame/policy";
import { assertForbidden, resourceCases, stackCases, type Changes } from "./cases";

const POLICY = "aws:iam/policy:Policy";
const document = (...statements: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const ARN = "arn:aws:s3:::data/*";
const allow = (Action: unknown, Resource: unknown = ARN, more: object = {}): object => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
/** The statement that each case spoils stands after one that complies. */
const policy = (...statements: object[]): Changes => ({ policy: document(allow("s3:GetObject"), ...statements) });
const ONE = { Condition: { StringEquals: { "aws:ResourceTag/Department": "engineering" } } };
const compliant = policy();

/** An identity policy, judged in each of the resources that may hold it. */
function identityCases(
  subject: Policy,
  violations: Readonly<Record<string, object>>,
  accepted: Readonly<Record<string, object>>,
): void {
  const of = (cases: Readonly<Record<string, object>>): Record<string, Changes> =>
    Object.fromEntries(Object.entries(cases).map(([name, statement]) => [name, policy(statement)]));
  const [name, first] = Object.entries(violations)[0]!;
  resourceCases(subject, {
    type: POLICY,
    compliant,
    violations: of(violations),
    accepted: { ...of(accepted), "a denial": policy({ ...first, Effect: "Deny" }) },
  });
  resourceCases(subject, {
    type: "aws:iam/role:Role",
    compliant: { assumeRolePolicy: document(), inlinePolicies: [{ name: "a", policy: compliant["policy"] }] },
    violations: { [`${name}, inline`]: { "inlinePolicies[1]": { name: "b", policy: document(first) } } },
  });
  resourceCases(subject, {
    type: "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
    compliant: { instanceArn: "i", permissionSetArn: "p", inlinePolicy: compliant["policy"] },
    violations: { [`${name}, in a permission set`]: { inlinePolicy: document(first) } },
  });
}

identityCases(
  iamNoAdmin,
  {
    everything: allow("*", "*"),
    "everything beside something": allow(["s3:GetObject", "*"], [ARN, "*"]),
    "every service": allow("*:*", "*"),
    "everything but a little": { Effect: "Allow", NotAction: "iam:*", Resource: "*" },
    "everything but a resource": { Effect: "Allow", Action: "*", NotResource: ARN },
  },
  { "everything on one resource": allow("*", ARN), "a service": allow("s3:*", "*") },
);
identityCases(
  iamNoEveryAction,
  { "on one resource": allow("*"), "beside another": allow(["s3:GetObject", "**"]) },
  { "a service": allow("s3:*") },
);
identityCases(
  iamNoServiceWildcard,
  { "a service": allow("s3:*", "*"), "one of several": allow(["s3:GetObject", "EC2:*"], "*") },
  {
    "a service on a resource": allow("s3:*"),
    "an action": allow("xray:PutTraceSegments", "*"),
    "a service by a condition": allow("s3:*", "*", ONE),
  },
);
identityCases(
  iamNoWildcardOnAll,
  { reading: allow("ec2:Describe*", "*"), "one letter": allow("ec2:Describe?ags", "*") },
  {
    "an action without a wildcard": allow("s3:ListAllMyBuckets", "*"),
    "on a resource": allow("ec2:Describe*", "arn:aws:ec2:us-east-1:111122223333:instance/*"),
  },
);
identityCases(
  iamNoDecryptAll,
  {
    "every resource": allow("kms:Decrypt", "*"),
    "by a wildcard": allow("kms:*", "arn:aws:kms:*:*:key/*"),
    "every key of the account": allow("kms:ReEncryptFrom", "arn:aws:kms:us-east-1:111122223333:key/*"),
  },
  {
    "one key": allow("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/1"),
    "by a service": allow("kms:Decrypt", "*", {
      Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
    }),
    encrypting: allow("kms:Encrypt", "*"),
  },
);
identityCases(
  iamNoCredentialExposure,
  {
    "an access key": allow("iam:CreateAccessKey", "*"),
    "a wildcard": allow("iam:Create*", "*"),
    "any role": allow("sts:AssumeRole", "*"),
    "a Bedrock key": allow("iam:CreateServiceSpecificCredential", "*"),
  },
  {
    "one's own": allow("iam:CreateAccessKey", "arn:aws:iam::111122223333:user/${aws:username}"),
    "ECR's token": allow("ecr:GetAuthorizationToken", "*"),
  },
);
identityCases(
  iamNoDataExfiltration,
  {
    "every secret": allow("secretsmanager:GetSecretValue", "*"),
    "every object": allow("s3:Get*", "*"),
    "every parameter": allow("ssm:GetParametersByPath", "*"),
  },
  {
    "one secret": allow(
      "secretsmanager:GetSecretValue",
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-??????",
    ),
    "by a tag": allow("secretsmanager:GetSecretValue", "*", ONE),
  },
);

const MODEL = "arn:aws:bedrock:ap-northeast-1::foundation-model/anthropic.claude-sonnet-4-6";
const PROFILES = "arn:aws:bedrock:ap-northeast-1:111122223333:application-inference-profile/*";
const VPCE = { Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } };
identityCases(
  bedrockIamModelAllowlist,
  {
    "every resource": allow("bedrock:InvokeModel", "*"),
    "every model": allow("bedrock:InvokeModel*", "arn:aws:bedrock:*::foundation-model/*"),
    "every model of a maker": allow("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/anthropic.*"),
    "every application profile": allow("bedrock:InvokeModel", PROFILES),
    "by a wildcard in the action": allow("bedrock:*", "*"),
  },
  {
    "a named model": allow("bedrock:InvokeModel", MODEL),
    "a named profile": allow(
      "bedrock:InvokeModel",
      "arn:aws:bedrock:ap-northeast-1:111122223333:inference-profile/jp.anthropic.claude-sonnet-4-6",
    ),
    "application profiles by their tag": allow("bedrock:InvokeModel", PROFILES, {
      Condition: { StringLike: { "aws:ResourceTag/Department": "*" } },
    }),
    "listing models": allow("bedrock:ListFoundationModels", "*"),
  },
);
resourceCases(bedrockIamModelAllowlist, {
  config: { models: ["anthropic.claude-haiku-*"] },
  compliant: policy(
    allow(
      "bedrock:InvokeModel",
      "arn:aws:bedrock:ap-northeast-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0",
    ),
  ),
  violations: { "a model that is not listed": policy(allow("bedrock:InvokeModel", MODEL)) },
});
identityCases(
  bedrockOnlyGatewayInvokes,
  {
    "a workspace": allow("bedrock:InvokeModel", MODEL),
    "by streaming": allow("bedrock:InvokeModelWithResponseStream", MODEL),
  },
  { "listing models": allow("bedrock:ListFoundationModels", "*") },
);
resourceCases(bedrockOnlyGatewayInvokes, {
  compliant: { name: "gateway-task", ...policy(allow("bedrock:InvokeModel", MODEL)) },
  violations: { "a name that the company did not list": { name: "workspace-tanaka" } },
  presence: ["name"],
});
identityCases(
  bedrockInvokeThroughEndpoint,
  {
    "from anywhere": allow("bedrock:InvokeModel", MODEL),
    "a condition that also holds without its key": allow("bedrock:InvokeModel", MODEL, {
      Condition: { StringEqualsIfExists: { "aws:SourceVpce": "vpce-1" } },
    }),
  },
  { "through an endpoint": allow("bedrock:InvokeModel", MODEL, VPCE) },
);
identityCases(
  bedrockNoMantle,
  {
    "an action": allow("bedrock-mantle:CreateInference", "*"),
    "the service": allow("bedrock-mantle:*"),
    "by a wildcard": allow("bedrock*"),
  },
  { "the front door": allow("bedrock:*", MODEL) },
);
identityCases(
  bedrockNoMarketplace,
  { subscribing: allow("aws-marketplace:Subscribe", "*"), "by a wildcard": allow("aws-marketplace:*", "*") },
  { looking: allow("aws-marketplace:ViewSubscriptions", "*") },
);

for (const [type, key] of [
  ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn"],
  ["aws:iam/userPolicyAttachment:UserPolicyAttachment", "policyArn"],
  ["aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "policyArn"],
  ["aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", "managedPolicyArn"],
] as const) {
  resourceCases(iamNoIamFullAccess, {
    type,
    compliant: { [key]: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
    violations: {
      "full access": { [key]: "arn:aws:iam::aws:policy/IAMFullAccess" },
      "in China": { [key]: "arn:aws-cn:iam::aws:policy/IAMFullAccess" },
    },
    accepted: { "a policy of a like name": { [key]: "arn:aws:iam::111122223333:policy/NoIAMFullAccess" } },
  });
}
resourceCases(iamNoIamFullAccess, {
  type: "aws:iam/role:Role",
  compliant: { assumeRolePolicy: document(), managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] },
  violations: { "one of several": { "managedPolicyArns[1]": "arn:aws:iam::aws:policy/IAMFullAccess" } },
});

const service = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } };
const trust = (Principal: unknown, more: object = {}): Changes => ({
  assumeRolePolicy: document(service, { Effect: "Allow", Action: "sts:AssumeRole", Principal, ...more }),
});
const ROOT = "arn:aws:iam::111122223333:root";
const MFA = { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } };

resourceCases(iamTrustNotPublic, {
  compliant: { assumeRolePolicy: document(service) },
  violations: {
    everyone: trust("*"),
    "every account": trust({ AWS: ["*"] }),
    "everyone by a condition that proves nothing": trust("*", {
      Condition: { Bool: { "aws:SecureTransport": "true" } },
    }),
  },
  accepted: {
    "a role": trust({ AWS: "arn:aws:iam::111122223333:role/app" }),
    "a denial": trust("*", { Effect: "Deny" }),
    "an organization": trust("*", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
    "no document": { assumeRolePolicy: "" },
  },
});
resourceCases(iamTrustAccountConditioned, {
  compliant: { assumeRolePolicy: document(service) },
  violations: {
    "the account's root": trust({ AWS: ROOT }),
    "the account's number": trust({ AWS: ["arn:aws:iam::111122223333:role/app", "111122223333"] }),
    "MFA only if there is any": trust(
      { AWS: ROOT },
      { Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } } },
    ),
    "everybody but one": trust({ AWS: ROOT }, { Condition: { StringNotEquals: { "aws:username": "sato" } } }),
  },
  accepted: {
    "with MFA": trust({ AWS: ROOT }, MFA),
    "an external id": trust({ AWS: ROOT }, { Condition: { StringEquals: { "sts:ExternalId": "x" } } }),
    "a role": trust({ AWS: "arn:aws:iam::111122223333:role/app" }),
    "a denial": trust({ AWS: ROOT }, { Effect: "Deny" }),
  },
});
const GITHUB = { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" };
const subject = (sub: unknown, operator = "StringEquals"): object => ({
  Condition: { [operator]: { "token.actions.githubusercontent.com:sub": sub } },
});
resourceCases(iamTrustOidcSubject, {
  compliant: { assumeRolePolicy: document(service) },
  violations: {
    "no subject": trust(GITHUB, {
      Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
    }),
    "any subject": trust(GITHUB, subject("*", "StringLike")),
    "any repository": trust(GITHUB, subject("repo:*", "StringLike")),
    "organizations that begin alike": trust(GITHUB, subject("repo:example*", "StringLike")),
    "one good, one bad": trust(GITHUB, subject(["repo:example/app:ref:refs/heads/main", "repo:*"], "StringLike")),
    "a subject only if there is any": trust(GITHUB, subject("repo:example/app:*", "StringLikeIfExists")),
  },
  accepted: {
    "a branch": trust(GITHUB, subject("repo:example/app:ref:refs/heads/main")),
    "an organization": trust(GITHUB, subject("repo:example/*", "StringLike")),
    "another provider": trust({ Federated: "arn:aws:iam::111122223333:saml-provider/idp" }),
  },
});
resourceCases(iamTrustServiceSource, {
  compliant: { assumeRolePolicy: document(service) },
  violations: {
    "a deputy": trust({ Service: "scheduler.amazonaws.com" }),
    "one of several": trust({ Service: ["lambda.amazonaws.com", "vpc-flow-logs.amazonaws.com"] }),
  },
  accepted: {
    "its account": trust(
      { Service: "scheduler.amazonaws.com" },
      { Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } } },
    ),
    "a service that acts for itself": trust({ Service: "lambda.amazonaws.com" }),
  },
});
resourceCases(iamBoundaryRequired, {
  compliant: { ...trust({ AWS: ROOT }, MFA), permissionsBoundary: "arn:aws:iam::111122223333:policy/people" },
  violations: { none: { permissionsBoundary: undefined } },
  accepted: { "a service's role": { assumeRolePolicy: document(service), permissionsBoundary: undefined } },
  presence: ["permissionsBoundary"],
});

resourceCases(iamNoUserPolicies, {
  type: "aws:iam/policyAttachment:PolicyAttachment",
  compliant: { policyArn: "p", roles: ["app"] },
  violations: { "a user": { users: ["sato"] } },
  accepted: { "an empty list": { users: [] } },
});
resourceCases(iamNoBedrockApiKeys, {
  compliant: { serviceName: "codecommit.amazonaws.com", userName: "u" },
  violations: { Bedrock: { serviceName: "bedrock.amazonaws.com" } },
});
stackCases(iamNoConsoleUsers, {
  compliant: { user: { type: "aws:iam/user:User", name: "robot" } },
  violations: { "a password": { profile: { type: "aws:iam/userLoginProfile:UserLoginProfile", user: "robot" } } },
  presence: ["name", "user"],
});

describe("policies that forbid a kind of resource", () => {
  for (const [forbidding, type] of [
    [iamNoUsers, "aws:iam/user:User"],
    [iamNoUsers, "aws:iam/accessKey:AccessKey"],
    [iamNoUserPolicies, "aws:iam/userPolicy:UserPolicy"],
    [iamNoUserPolicies, "aws:iam/userPolicyAttachment:UserPolicyAttachment"],
  ] as const) {
    it(`${forbidding.name} refuses ${type}, whatever its inputs`, () => assertForbidden(forbidding, type));
  }
});
