import {
  iamBoundaryRequired,
  iamNoAdmin,
  iamNoBedrockApiKeys,
  iamNoConsoleUsers,
  iamNoCredentialExposure,
  iamNoDataExfiltration,
  iamNoDecryptAll,
  iamNoEveryAction,
  iamNoIamFullAccess,
  iamNoServiceWildcard,
  iamNoUserPolicies,
  iamNoUsers,
  iamNoWildcardOnAll,
} from "../../src/controls/iam-policies";
import { assertForbidden, resourceCases, stackCases } from "./cases";
import { BY_TAG, MFA, OBJECTS, ROOT, allow, document, identityCases, service, trust } from "./documents";

resourceCases(iamBoundaryRequired, {
  compliant: { ...trust({ AWS: ROOT }, MFA), permissionsBoundary: "arn:aws:iam::111122223333:policy/people" },
  violations: { none: { permissionsBoundary: undefined } },
  accepted: { "a service's role": { assumeRolePolicy: document(service), permissionsBoundary: undefined } },
  presence: ["permissionsBoundary"],
});

identityCases(
  iamNoAdmin,
  {
    everything: allow("*", "*"),
    "everything beside something": allow(["s3:GetObject", "*"], [OBJECTS, "*"]),
    "every service": allow("*:*", "*"),
    "everything but a little": { Effect: "Allow", NotAction: "iam:*", Resource: "*" },
    "everything but a resource": { Effect: "Allow", Action: "*", NotResource: OBJECTS },
  },
  { "everything on one resource": allow("*", OBJECTS), "a service": allow("s3:*", "*") },
);

resourceCases(iamNoBedrockApiKeys, {
  compliant: { serviceName: "codecommit.amazonaws.com", userName: "u" },
  violations: { Bedrock: { serviceName: "bedrock.amazonaws.com" } },
});

stackCases(iamNoConsoleUsers, {
  compliant: { user: { type: "aws:iam/user:User", name: "robot" } },
  violations: { "a password": { profile: { type: "aws:iam/userLoginProfile:UserLoginProfile", user: "robot" } } },
  presence: ["name", "user"],
});

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
    "by a tag": allow("secretsmanager:GetSecretValue", "*", BY_TAG),
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
  iamNoEveryAction,
  { "on one resource": allow("*"), "beside another": allow(["s3:GetObject", "**"]) },
  { "a service": allow("s3:*") },
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

identityCases(
  iamNoServiceWildcard,
  { "a service": allow("s3:*", "*"), "one of several": allow(["s3:GetObject", "EC2:*"], "*") },
  {
    "a service on a resource": allow("s3:*"),
    "an action": allow("xray:PutTraceSegments", "*"),
    "a service by a condition": allow("s3:*", "*", BY_TAG),
  },
);

resourceCases(iamNoUserPolicies, {
  type: "aws:iam/policyAttachment:PolicyAttachment",
  compliant: { policyArn: "p", roles: ["app"] },
  violations: { "a user": { users: ["sato"] } },
  accepted: { "an empty list": { users: [] } },
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

identityCases(
  iamNoWildcardOnAll,
  { reading: allow("ec2:Describe*", "*"), "one letter": allow("ec2:Describe?ags", "*") },
  {
    "an action without a wildcard": allow("s3:ListAllMyBuckets", "*"),
    "on a resource": allow("ec2:Describe*", "arn:aws:ec2:us-east-1:111122223333:instance/*"),
  },
);
