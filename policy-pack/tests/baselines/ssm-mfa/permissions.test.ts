import assert from "node:assert/strict";
import { iamHumanTrustRequiresMfa } from "../../../src/baselines/ssm-mfa/iam-human-trust-requires-mfa";
import { ssmNoAlternateShell } from "../../../src/baselines/ssm-mfa/ssm-no-alternate-shell";
import { ssmNoRuncommandForHumans } from "../../../src/baselines/ssm-mfa/ssm-no-runcommand-for-humans";
import { ssmSessionRequiresMfa } from "../../../src/baselines/ssm-mfa/ssm-session-requires-mfa";
import { cases, judge, resource, UNKNOWN, violations, type Inputs } from "../../support";
import { MFA, POLICY, PRESENT, ROLE, allow, bare, policy } from "./shapes";

const AGE = "aws:MultiFactorAuthAge";
const deny = (changes: Inputs = {}): Inputs => ({
  Effect: "Deny",
  Action: "*",
  Resource: "*",
  Condition: { BoolIfExists: { [PRESENT]: "false" } },
  ...changes,
});
const when = (condition: Inputs): Inputs => policy(allow({ Condition: condition }));

describe("MFA on sessions: permissions", () => {
  cases(ssmSessionRequiresMfa, {
    type: POLICY,
    passes: {
      "Bool true": policy(allow()),
      "Bool true as a boolean": when({ Bool: { [PRESENT]: true } }),
      "Bool true in a list": when({ Bool: { [PRESENT]: ["true"] } }),
      "operator and key in other letters": when({ bool: { "AWS:multifactorauthpresent": "True" } }),
      "a recent MFA": when({ NumericLessThan: { [AGE]: "3600" } }),
      "a recent MFA, or just as recent": when({ NumericLessThanEquals: { [AGE]: 3600 } }),
      "an age that is there": when({ Null: { [AGE]: "false" } }),
      "any value true": when({ "ForAnyValue:Bool": { [PRESENT]: "true" } }),
      "IfExists beside an age that is there": when({ BoolIfExists: { [PRESENT]: "true" }, Null: { [AGE]: "false" } }),
      "MFA beside another condition": when({ Bool: { [PRESENT]: "true" }, StringEquals: { "aws:SourceVpc": "vpc-1" } }),
      "an Allow of everything beside a Deny without MFA": policy(bare({ Action: "*" }), deny()),
      "a Deny of sessions without MFA": policy(bare(), deny({ Action: "ssm:StartSession" })),
      "a Deny of all but signing in": policy(
        bare(),
        deny({ NotAction: ["iam:*", "sts:GetSessionToken"], Action: undefined }),
      ),
      "two Denies, one for each way of having no MFA": policy(
        bare(),
        deny({ Condition: { Bool: { [PRESENT]: "false" } } }),
        deny({ Condition: { Null: { [PRESENT]: "true" } } }),
      ),
      "a Deny where the age is missing": policy(bare(), deny({ Condition: { Null: { [AGE]: "true" } } })),
      "a Deny of all without a condition": policy(bare(), deny({ Condition: undefined })),
      "a Deny that covers the machines allowed": policy(
        bare({ Resource: "arn:aws:ec2:*:*:instance/i-1" }),
        deny({ Resource: "arn:aws:ec2:*:*:instance/*" }),
      ),
      "other actions": policy(bare({ Action: "ssm:GetParameter" })),
      "all but sessions": policy(bare({ Action: undefined, NotAction: ["ssm:*"] })),
      "a document alone": policy(bare({ Resource: "arn:aws:ssm:*:*:document/AWS-StartSSHSession" })),
      "ending sessions": policy(bare({ Action: ["ssm:TerminateSession", "ssm:DescribeSessions"] })),
      "no statement": policy(),
      "a condition that is not known on another action": policy(bare({ Action: "s3:GetObject", Condition: UNKNOWN })),
    },
    fails: {
      "no condition": policy(bare()),
      "the document as an object": { policy: { Statement: [bare()] } },
      "one statement as an object": { policy: JSON.stringify({ Statement: bare() }) },
      "names of elements in other letters": {
        policy: JSON.stringify({ statement: [{ effect: "Allow", action: "ssm:StartSession", resource: "*" }] }),
      },
      resuming: policy(bare({ Action: "ssm:ResumeSession" })),
      "actions in a list": policy(bare({ Action: ["s3:GetObject", "ssm:StartSession"] })),
      "other letters": policy(bare({ Action: "SSM:startsession" })),
      "a wildcard": policy(bare({ Action: "ssm:*" })),
      "a wildcard within": policy(bare({ Action: "ssm:Start*" })),
      "question marks": policy(bare({ Action: "ssm:StartSessio?" })),
      everything: policy(bare({ Action: "*" })),
      "a wildcard before the service": policy(bare({ Action: "*:StartSession" })),
      "all but something else": policy(bare({ Action: undefined, NotAction: "iam:*" })),
      "all resources but some": policy(bare({ Resource: undefined, NotResource: "arn:aws:ec2:*:*:instance/i-1" })),
      "one machine": policy(bare({ Resource: "arn:aws:ec2:*:*:instance/i-1" })),
      "a machine beside a document": policy(
        bare({ Resource: ["arn:aws:ssm:*:*:document/D", "arn:aws:ec2:*:*:instance/*"] }),
      ),
      "IfExists on an Allow": when({ BoolIfExists: { [PRESENT]: "true" } }),
      "all values, which nothing satisfies": when({ "ForAllValues:Bool": { [PRESENT]: "true" } }),
      "Bool false": when({ Bool: { [PRESENT]: "false" } }),
      "true or false": when({ Bool: { [PRESENT]: ["true", "false"] } }),
      "a key that is there": when({ Null: { [PRESENT]: "false" } }),
      "an age that exists if it exists": when({ NumericLessThanIfExists: { [AGE]: "3600" } }),
      "not false, which absence satisfies": when({ StringNotEquals: { [PRESENT]: "false" } }),
      "another condition": when({ StringEquals: { "aws:SourceVpc": "vpc-1" } }),
      "a tag named like it": when({ Bool: { "aws:PrincipalTag/MultiFactorAuthPresent": "true" } }),
      "a Deny that asks Bool false": policy(bare(), deny({ Condition: { Bool: { [PRESENT]: "false" } } })),
      "a Deny where the key is missing": policy(bare(), deny({ Condition: { Null: { [PRESENT]: "true" } } })),
      "a Deny of another action": policy(bare(), deny({ Action: "ec2:*" })),
      "a Deny of resuming alone": policy(bare({ Action: "ssm:*" }), deny({ Action: "ssm:ResumeSession" })),
      "a Deny of fewer machines": policy(bare(), deny({ Resource: "arn:aws:ec2:*:*:instance/i-1" })),
      "a Deny under another condition as well": policy(
        bare(),
        deny({
          Condition: { BoolIfExists: { [PRESENT]: "false" }, StringEquals: { "aws:RequestedRegion": "us-east-1" } },
        }),
      ),
      "a Deny of all resources but the machine": policy(
        bare({ Resource: "arn:aws:ec2:*:*:instance/i-1" }),
        deny({ Resource: undefined, NotResource: "arn:aws:ec2:*:*:instance/*" }),
      ),
      "a second statement without MFA": policy(allow(), bare({ Resource: "arn:aws:ec2:*:*:instance/i-1" })),
    },
    unknown: {
      "a document that is not known": { policy: UNKNOWN },
      "an action that is not known": policy(bare({ Action: UNKNOWN })),
      "a condition that is not known": policy(bare({ Condition: UNKNOWN })),
      "a value that is not known": when({ Bool: { [PRESENT]: UNKNOWN } }),
      "an effect that is not known": policy(bare({ Effect: UNKNOWN })),
      "what is no document": { policy: "{" },
    },
    both: { "an open statement beside one that is not known": policy(bare({ Action: UNKNOWN }), bare()) },
  });

  for (const [type, key] of [
    ["aws:iam/rolePolicy:RolePolicy", "policy"],
    ["aws:iam/userPolicy:UserPolicy", "policy"],
    ["aws:iam/groupPolicy:GroupPolicy", "policy"],
    ["aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", "inlinePolicy"],
  ] as const) {
    cases(ssmSessionRequiresMfa, {
      type,
      passes: { [`MFA in ${type}`]: { [key]: policy(allow())["policy"] } },
      fails: { [`no MFA in ${type}`]: { [key]: policy(bare())["policy"] } },
    });
  }

  cases(ssmSessionRequiresMfa, {
    type: "aws:cloudcontrol/resource:Resource",
    passes: { "a bucket": { typeName: "AWS::S3::Bucket", desiredState: "{}" } },
    fails: {
      "a managed policy": {
        typeName: "AWS::IAM::ManagedPolicy",
        desiredState: JSON.stringify({ PolicyDocument: { Statement: [bare()] } }),
      },
      "a policy within a user": {
        typeName: "AWS::IAM::User",
        desiredState: JSON.stringify({ Policies: [{ PolicyDocument: { Statement: bare() } }] }),
      },
    },
  });

  const trust = (...statements: unknown[]): string => JSON.stringify({ Statement: statements });
  const assume = (principal: unknown, changes: Inputs = {}): Inputs => ({
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Principal: principal,
    ...changes,
  });
  const role = (assumeRolePolicy: string, ...statements: unknown[]): Inputs => ({
    assumeRolePolicy,
    inlinePolicies: [{ name: "p", policy: policy(...statements)["policy"] }],
  });
  const people = trust(assume({ AWS: "111122223333" }));

  cases(ssmSessionRequiresMfa, {
    type: ROLE,
    passes: {
      "a role without inline policies": { assumeRolePolicy: people },
      "a role that services assume": role(trust(assume({ Service: "lambda.amazonaws.com" })), bare()),
      "a role whose trust asks for MFA": role(trust(assume({ AWS: "111122223333" }, { Condition: MFA })), bare()),
      "a Deny in another inline policy": {
        assumeRolePolicy: people,
        inlinePolicies: [{ policy: policy(bare())["policy"] }, { policy: policy(deny())["policy"] }],
      },
    },
    fails: {
      "a role that people assume without MFA": role(people, bare()),
      "a role of machines that people work on": role(trust(assume({ Service: "ec2.amazonaws.com" })), bare()),
      "the second of two inline policies": {
        assumeRolePolicy: people,
        inlinePolicies: [{ policy: policy(allow())["policy"] }, { policy: policy(bare())["policy"] }],
      },
    },
    unknown: { "inline policies that are not known": { assumeRolePolicy: people, inlinePolicies: UNKNOWN } },
  });

  for (const mfaMode of ["assume-role", "identity-center"]) {
    cases(ssmSessionRequiresMfa, {
      type: "aws:iam/rolePolicy:RolePolicy",
      config: { mfaMode },
      passes: { [`a role's permissions in mode ${mfaMode}`]: policy(bare()) },
    });
    cases(ssmSessionRequiresMfa, {
      type: "aws:iam/userPolicy:UserPolicy",
      config: { mfaMode },
      fails: { [`a user's permissions in mode ${mfaMode}`]: policy(bare()) },
    });
    cases(ssmSessionRequiresMfa, {
      type: ROLE,
      config: { mfaMode },
      fails: {
        [`a machine's role in mode ${mfaMode}`]: role(trust(assume({ Service: ["ec2.amazonaws.com"] })), bare()),
      },
    });
  }
  cases(ssmSessionRequiresMfa, {
    type: POLICY,
    config: { mfaMode: "iam-user" },
    passes: { "MFA in mode iam-user": policy(allow()) },
    fails: { "no MFA in mode iam-user": policy(bare()) },
  });

  it("says which statement allows what", () => {
    const found = violations(
      judge(ssmSessionRequiresMfa, resource(POLICY, policy(allow(), bare({ Action: "ssm:Start*" })))),
    );
    assert.deepEqual(found, ["policy.Statement[1] allows ssm:StartSession without MFA"]);
  });

  cases(ssmNoRuncommandForHumans, {
    type: POLICY,
    passes: {
      "with MFA": policy(allow({ Action: "ssm:SendCommand" })),
      "reading commands": policy(bare({ Action: "ssm:ListCommands" })),
    },
    fails: {
      commands: policy(bare({ Action: "ssm:SendCommand" })),
      automations: policy(bare({ Action: "ssm:StartAutomationExecution" })),
      associations: policy(bare({ Action: "ssm:CreateAssociation*" })),
    },
    unknown: { "an action that is not known": policy(bare({ Action: UNKNOWN })) },
  });
  cases(ssmNoAlternateShell, {
    type: POLICY,
    passes: {
      "with MFA": policy(allow({ Action: "ecs:ExecuteCommand" })),
      "other ECS actions": policy(bare({ Action: "ecs:Describe*" })),
    },
    fails: {
      "a shell in a container": policy(bare({ Action: "ecs:ExecuteCommand" })),
      "Instance Connect": policy(bare({ Action: "ec2-instance-connect:*" })),
      "a notebook's session": policy(bare({ Action: "sagemaker:StartSession" })),
    },
    unknown: { "an action that is not known": policy(bare({ Action: UNKNOWN })) },
  });

  describe("trust policies", () => {
    const of = (...statements: unknown[]): Inputs => ({ assumeRolePolicy: trust(...statements) });
    const NO_MFA = { BoolIfExists: { [PRESENT]: "false" } };
    const OURS = { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } };
    const federated = (Action: string) => ({
      Effect: "Allow",
      Action,
      Principal: { Federated: "*" },
      Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
    });
    cases(iamHumanTrustRequiresMfa, {
      type: ROLE,
      passes: {
        "MFA of the account": of(assume({ AWS: "arn:aws:iam::111122223333:root" }, { Condition: MFA })),
        "a recent MFA": of(assume({ AWS: "111122223333" }, { Condition: { NumericLessThan: { [AGE]: "3600" } } })),
        services: of(assume({ Service: "ec2.amazonaws.com" })),
        "an identity provider": of({
          Effect: "Allow",
          Action: "sts:AssumeRoleWithSAML",
          Principal: { Federated: "arn:aws:iam::111122223333:saml-provider/idp" },
        }),
        "a Deny for everybody without MFA": of(assume({ AWS: "111122223333" }), {
          ...assume({ AWS: "*" }),
          Effect: "Deny",
          Condition: NO_MFA,
        }),
        "everybody of the organization with MFA": of(assume("*", { Condition: { ...MFA, ...OURS } })),
        "a Deny for everybody": of(assume({ AWS: "111122223333" }, { Condition: MFA }), {
          ...assume("*"),
          Effect: "Deny",
        }),
        "everybody for another action": of(assume("*", { Action: "sts:TagSession" })),
        "passing tags only": of(assume({ AWS: "111122223333" }, { Action: "sts:TagSession" })),
      },
      fails: {
        "the account": of(assume({ AWS: "111122223333" })),
        "a user": of(assume({ AWS: ["arn:aws:iam::111122223333:user/a"] })),
        everybody: of(assume("*")),
        "everybody in a list": of(assume({ AWS: ["*"] })),
        "all but some": of({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          NotPrincipal: { AWS: "arn:aws:iam::111122223333:user/a" },
        }),
        "everybody with MFA of their own": of(assume({ AWS: "*" }, { Condition: MFA })),
        "everybody of the organization without MFA": of(assume("*", { Condition: OURS })),
        "the root of every account": of(assume({ AWS: "arn:aws:iam::*:root" }, { Condition: MFA })),
        "every SAML provider": of(federated("sts:AssumeRoleWithSAML")),
        "every OIDC provider": of(federated("sts:AssumeRoleWithWebIdentity")),
        "a wildcard action": of(assume({ AWS: "111122223333" }, { Action: "sts:*" })),
        "people beside a service": of(assume({ Service: "ec2.amazonaws.com", AWS: "111122223333" })),
        IfExists: of(assume({ AWS: "111122223333" }, { Condition: { BoolIfExists: { [PRESENT]: "true" } } })),
        "an external id alone": of(
          assume({ AWS: "111122223333" }, { Condition: { StringEquals: { "sts:ExternalId": "x" } } }),
        ),
        "a Deny for one of them": of(assume({ AWS: "111122223333" }), {
          ...assume({ AWS: "arn:aws:iam::111122223333:user/a" }),
          Effect: "Deny",
          Condition: NO_MFA,
        }),
        "a second statement": of(assume({ AWS: "111122223333" }, { Condition: MFA }), assume({ AWS: "444455556666" })),
      },
      unknown: {
        "a document that is not known": { assumeRolePolicy: UNKNOWN },
        "principals that are not known": of(assume(UNKNOWN)),
      },
      both: { "people beside principals that are not known": of(assume(UNKNOWN), assume({ AWS: "111122223333" })) },
    });
    cases(iamHumanTrustRequiresMfa, {
      type: ROLE,
      config: { mfaMode: "assume-role" },
      fails: { "the account in mode assume-role": of(assume({ AWS: "111122223333" })) },
    });
    for (const mfaMode of ["iam-user", "identity-center"]) {
      cases(iamHumanTrustRequiresMfa, {
        type: ROLE,
        config: { mfaMode },
        passes: { [`the account in mode ${mfaMode}`]: of(assume({ AWS: "111122223333" })) },
        fails: { [`everybody with MFA in mode ${mfaMode}`]: of(assume({ AWS: "*" }, { Condition: MFA })) },
      });
    }
  });
});
