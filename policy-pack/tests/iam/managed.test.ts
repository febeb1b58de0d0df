import assert from "node:assert/strict";
import { judgedActions, reduced, tableOf } from "../../scripts/managed-table";
import { ec2NoInstanceConnect } from "../../src/baselines/no-public-ssh/ec2-no-instance-connect";
import { iamNoPrivesc } from "../../src/baselines/ssm-mfa/iam-no-privesc";
import { iamNoSessionGrantingManagedPolicy } from "../../src/baselines/ssm-mfa/iam-no-session-granting-managed-policy";
import {
  bedrockIamModelAllowlist,
  bedrockNoMantle,
  bedrockNoMarketplace,
  bedrockOnlyGatewayInvokes,
} from "../../src/controls/bedrock";
import {
  iamNoAdmin,
  iamNoCredentialExposure,
  iamNoDataExfiltration,
  iamNoDecryptAll,
  iamNoServiceWildcard,
  iamNoWildcardOnAll,
} from "../../src/controls/iam-policies";
import { managedPolicies } from "../../src/data/managed-policies";
import { cases, resource, UNKNOWN, type Inputs } from "../support";

const aws = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
/** An attachment to a role. */
const attached = (name: string): Inputs => ({ role: "app", policyArn: aws(name) });
const type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

/** By policy: what AWS's documents of the policies grant (AWS managed policy reference), and what they do not. */
const TABLE = [
  [bedrockOnlyGatewayInvokes, ["AmazonBedrockFullAccess", "PowerUserAccess"], ["AmazonBedrockReadOnly"]],
  [bedrockIamModelAllowlist, ["AmazonBedrockFullAccess"], ["AmazonBedrockReadOnly"]],
  [bedrockNoMantle, ["AmazonBedrockMantleFullAccess", "AdministratorAccess"], ["AmazonBedrockReadOnly"]],
  [bedrockNoMarketplace, ["AWSMarketplaceManageSubscriptions"], ["AWSMarketplaceRead-only"]],
  [iamNoAdmin, ["AdministratorAccess", "PowerUserAccess"], ["AmazonS3FullAccess"]],
  [iamNoCredentialExposure, ["IAMFullAccess"], ["IAMReadOnlyAccess"]],
  [iamNoDataExfiltration, ["AmazonS3ReadOnlyAccess", "SecretsManagerReadWrite"], ["CloudWatchReadOnlyAccess"]],
  [iamNoDecryptAll, ["AdministratorAccess"], ["AWSKeyManagementServicePowerUser"]],
  [iamNoPrivesc, ["IAMFullAccess", "AdministratorAccess"], ["job-function/Billing"]],
  [iamNoServiceWildcard, ["AmazonS3FullAccess", "AmazonDynamoDBFullAccess_v2"], ["AmazonS3ReadOnlyAccess"]],
  [iamNoWildcardOnAll, ["AmazonEC2ReadOnlyAccess"], ["service-role/AWSLambdaBasicExecutionRole"]],
  [ec2NoInstanceConnect, ["EC2InstanceConnect"], ["AmazonEC2ReadOnlyAccess"]],
  [iamNoSessionGrantingManagedPolicy, ["AmazonSSMFullAccess", "PowerUserAccess"], ["AmazonSSMManagedInstanceCore"]],
] as const;

describe("AWS-managed policies", () => {
  for (const [policy, granting, harmless] of TABLE) {
    cases(policy, {
      type,
      fails: Object.fromEntries(granting.map((name) => [name, attached(name)])),
      passes: {
        ...Object.fromEntries(harmless.map((name) => [name, attached(name)])),
        "a policy of the company's own of such a name": {
          role: "app",
          policyArn: `arn:aws:iam::111122223333:policy/${granting[0]}`,
        },
      },
      unknown: { "a policy that AWS added since": attached("AmazonTomorrowFullAccess") },
    });
  }

  const full = aws("AmazonS3FullAccess");
  cases(iamNoServiceWildcard, {
    fails: {
      "a role's list": resource("aws:iam/role:Role", { managedPolicyArns: [aws("ReadOnlyAccess"), full] }),
      "a role's exclusive list": resource("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", {
        policyArns: [full],
      }),
      "a group": resource("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", { group: "g", policyArn: full }),
      "a user": resource("aws:iam/userPolicyAttachment:UserPolicyAttachment", { user: "u", policyArn: full }),
      "several at once": resource("aws:iam/policyAttachment:PolicyAttachment", { roles: ["r"], policyArn: full }),
      "a permission set": resource("aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", {
        managedPolicyArn: full,
      }),
      "another partition": resource(type, { policyArn: "arn:aws-cn:iam::aws:policy/AmazonS3FullAccess" }),
      "a role of Cloud Control": resource("aws:cloudcontrol/resource:Resource", {
        typeName: "AWS::IAM::Role",
        desiredState: JSON.stringify({ ManagedPolicyArns: [full] }),
      }),
      "a permission set of Cloud Control": resource("aws:cloudcontrol/resource:Resource", {
        typeName: "AWS::SSO::PermissionSet",
        desiredState: JSON.stringify({ ManagedPolicies: [full] }),
      }),
    },
    passes: { "the ARN of a policy in the program": resource(type, { policyArn: UNKNOWN }) },
    both: {
      "a role whose inline policies are not known": resource("aws:iam/role:Role", {
        managedPolicyArns: [full],
        inlinePolicies: UNKNOWN,
      }),
    },
  });
  cases(iamNoSessionGrantingManagedPolicy, { type, unknown: { "an ARN that is not known": { policyArn: UNKNOWN } } });
});

describe("the table of AWS-managed policies", () => {
  it("keeps every action that a policy asks for; else run npm run managed-policies -w policy-pack", () =>
    assert.deepEqual(managedPolicies().judged, judgedActions()));

  it("keeps what a policy can ask for, with its resources and conditions", () => {
    const judged = ["s3:GetObject"];
    const some = {
      Effect: "Allow",
      Action: ["s3:Get*", "s3:PutObject"],
      Resource: ["a", "b"],
      Condition: { Bool: {} },
    };
    assert.deepEqual(reduced(some, judged), { ...some, Action: ["s3:Get*"] });
    assert.equal(reduced({ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }, judged), undefined);
    assert.deepEqual(reduced({ Effect: "Allow", Action: "sqs:Get*", Resource: "*" }, judged), {
      Effect: "Allow",
      Action: ["sqs:Get*"],
      Resource: "*",
    });
    assert.equal(reduced({ Effect: "Allow", Action: "sqs:Get*", Resource: "arn:aws:sqs:*:*:a" }, judged), undefined);
    const others = { Effect: "Allow", NotAction: "iam:*", NotResource: "a" };
    assert.deepEqual(reduced(others, judged), others);
  });

  it("names its source, and the date of the newest policy", () => {
    const Document = { Statement: { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" } };
    const policies = {
      b: { UpdateDate: "2026-02-01T00:00:00+00:00", Document },
      a: { UpdateDate: "2026-03-01T00:00:00+00:00", Document },
    };
    assert.equal(
      tableOf({ version: "1", policies }, ["s3:GetObject"]),
      '{"source":"PyPI moto 1","newest":"2026-03-01","judged":["s3:GetObject"],\n"policies":{\n"a":[],\n"b":[]\n}}\n',
    );
  });
});
