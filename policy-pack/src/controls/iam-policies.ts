import { resourcePolicy, stackPolicy } from "../frame/policy";
import { actionPatterns, eachAllow, isUnlimited, reportUnlimited } from "../iam/allow-statements";
import { globMatches } from "../iam/match";
import { ATTACHMENT_TYPES, attachedArns, PERMISSION_TYPES } from "../iam/managed";
import { trustDocument } from "../iam/sources";
import { holdingOf } from "../iam/trust";
import { securityHub } from "../shared/security-hub";

/** A permissions boundary limits a role, whatever policies are attached to it later. */
export const iamBoundaryRequired = resourcePolicy({
  name: "iam-boundary-required",
  description: "Roles that people assume have a permissions boundary",
  severity: "medium",
  level: "advisory",
  controls: { "nist-800-53r5": ["AC-5", "AC-6"] },
  remediation: "Set permissionsBoundary to the policy that says what people's roles may do at most.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
  types: ["aws:iam/role:Role"],
  check(role, report) {
    const boundary = role.at("permissionsBoundary");
    if (boundary.isSet) return;
    // Reading the trust policy says that it is unknown, where it is.
    trustDocument(role).document();
    if (["services", "machines"].includes(holdingOf(role))) report.notApplicable("only AWS services assume the role");
    report.violation("permissionsBoundary is not set");
  },
});

/** An identity that may do everything can grant itself anything. */
export const iamNoAdmin = resourcePolicy({
  name: "iam-no-admin",
  description: "No policy allows everything on everything",
  severity: "critical",
  level: "mandatory",
  controls: {
    fsbp: ["IAM.1"],
    "cis-aws-3.0": ["1.16"],
    "nist-800-53r5": ["AC-6"],
    checkov: ["CKV_AWS_62"],
    trivy: ["AWS-0057"],
    "cdk-nag": ["IAM5", "R5-IAMPolicyNoStatementsWithAdminAccess"],
  },
  remediation: "Name the actions and resources that are needed.",
  url: securityHub("IAM.1"),
  types: PERMISSION_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      if (statement.coversEverything !== true) return;
      if (statement.member("NotAction").isSet)
        report.violation(`${statement.value.path} allows everything but a few actions on every resource`);
      else if (actionPatterns(statement).some((action) => /^[*:]*\*[*:]*$/.test(action))) {
        report.violation(`${statement.value.path} allows every action on every resource`);
      }
    });
  },
});

/**
 * A Bedrock API key calls models past the gateway, its budgets and its log, for as long as it
 * lives.
 */
export const iamNoBedrockApiKeys = resourcePolicy({
  name: "iam-no-bedrock-api-keys",
  description: "There are no long-lived Bedrock API keys",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["IA-5"], aisf: ["IAM-01"] },
  remediation: "Remove the credential; call models through the gateway with a virtual key.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html",
  types: ["aws:iam/serviceSpecificCredential:ServiceSpecificCredential"],
  check(credential, report) {
    const service = credential.at("serviceName");
    report.expect(service, () => service.text() !== "bedrock.amazonaws.com");
  },
});

/** A password for the console made by a program is known to the program's state. */
export const iamNoConsoleUsers = stackPolicy({
  name: "iam-no-console-users",
  description: "Programs make no passwords for the console",
  severity: "high",
  level: "mandatory",
  controls: { "cis-aws-3.0": ["1.11"], "nist-800-53r5": ["IA-2"], checkov: ["CKV2_AWS_22"] },
  remediation: "Remove the login profile; people sign in through Identity Center.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp",
  types: ["aws:iam/userLoginProfile:UserLoginProfile"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:iam/userLoginProfile:UserLoginProfile"), () =>
      report.violation("a password for the console"),
    );
  },
});

const CREDENTIAL_ACTIONS = [
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:UpdateLoginProfile",
  "iam:CreateServiceSpecificCredential",
  "iam:ResetServiceSpecificCredential",
  "sts:AssumeRole",
  "sts:GetFederationToken",
  "lightsail:GetInstanceAccessDetails",
  "redshift:GetClusterCredentials",
  "rds-db:connect",
];

/** Some actions return credentials; without a resource they return those of every identity. */
export const iamNoCredentialExposure = resourcePolicy({
  name: "iam-no-credential-exposure",
  description: "No policy creates credentials for every identity",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6", "IA-5"], checkov: ["CKV_AWS_287"] },
  remediation: "Name the users, roles or databases, or remove the action.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  types: PERMISSION_TYPES,
  check(resource, report) {
    reportUnlimited(resource, report, CREDENTIAL_ACTIONS, "these answer with credentials");
  },
});

const READING_ACTIONS = [
  "s3:GetObject",
  "secretsmanager:GetSecretValue",
  "ssm:GetParameter",
  "ssm:GetParameters",
  "ssm:GetParametersByPath",
];

/** An identity that may read everything gives an intruder everything. */
export const iamNoDataExfiltration = resourcePolicy({
  name: "iam-no-data-exfiltration",
  description: "Nobody may read every object, secret and parameter",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], checkov: ["CKV_AWS_288"] },
  remediation: "Name the buckets, secrets and parameters that are needed.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  types: PERMISSION_TYPES,
  check(resource, report) {
    reportUnlimited(resource, report, READING_ACTIONS, "these read what is stored");
  },
});

/** Permission to decrypt with every key opens every secret that the identity can read. */
export const iamNoDecryptAll = resourcePolicy({
  name: "iam-no-decrypt-all",
  description: "Nobody may decrypt with every key",
  severity: "high",
  level: "mandatory",
  controls: { fsbp: ["KMS.1", "KMS.2"], "nist-800-53r5": ["AC-6"], "cdk-nag": ["IAM5"] },
  remediation: "Name the keys, or add a condition on kms:ViaService or the encryption context.",
  url: securityHub("KMS.1"),
  types: PERMISSION_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      const actions = ["kms:Decrypt", "kms:ReEncryptFrom"].filter((action) => statement.matchesAction(action) === true);
      const isConditioned = statement.member("Condition").isSet && statement.conditions().length > 0;
      if (actions.length === 0 || isConditioned) return;
      const resources = statement.resources;
      const everyKey =
        resources !== "unknown" &&
        resources.some(
          (pattern) =>
            globMatches(pattern, "arn:aws:kms:any-region-1:000000000000:key/00000000-0000-0000-0000-000000000000") ||
            /:key\/\*$/.test(pattern),
        );
      if (everyKey) report.violation(`${statement.value.path} allows ${actions.join(", ")} with every key`);
    });
  },
});

/**
 * Even on one resource, every action includes those that delete it and those that hand it to
 * others.
 */
export const iamNoEveryAction = resourcePolicy({
  name: "iam-no-every-action",
  description: "No policy allows every action",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], checkov: ["CKV_AWS_63"], "cdk-nag": ["IAM5"] },
  remediation: "Name the actions that are needed, or at least their service.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  types: PERMISSION_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      if (actionPatterns(statement).some((action) => /^[*:]*\*[*:]*$/.test(action))) {
        report.violation(`${statement.value.path} allows every action`);
      }
    });
  },
});

/** IAMFullAccess lets its holder grant every other permission. */
export const iamNoIamFullAccess = resourcePolicy({
  name: "iam-no-iam-full-access",
  description: "Nobody holds the AWS-managed policy IAMFullAccess",
  severity: "critical",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], checkov: ["CKV2_AWS_56"], "cdk-nag": ["IAM4"] },
  remediation: "Attach a policy that names the actions and resources that are needed.",
  url: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMFullAccess.html",
  types: ATTACHMENT_TYPES,
  check(resource, report) {
    report.each(attachedArns(resource), (arn) => {
      if (/:policy\/IAMFullAccess$/.test(arn.text() ?? "")) report.violation(`${arn.path} is ${arn.show()}`);
    });
  },
});

/** A service's actions include those that give its resources away. */
export const iamNoServiceWildcard = resourcePolicy({
  name: "iam-no-service-wildcard",
  description: "No policy allows all actions of a service on every resource",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["IAM.21"],
    "nist-800-53r5": ["AC-6"],
    checkov: ["CKV_AWS_290"],
    trivy: ["AWS-0345"],
    "cdk-nag": ["IAM5", "R5-IAMPolicyNoStatementsWithFullAccess"],
  },
  remediation: "Name the actions that are needed, or the resources they are for.",
  url: securityHub("IAM.21"),
  types: PERMISSION_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      if (!isUnlimited(statement)) return;
      for (const action of actionPatterns(statement)) {
        if (/^[a-z0-9-]+:\*+$/i.test(action))
          report.violation(`${statement.value.path} allows ${action} on every resource`);
      }
    });
  },
});

/** What a group or a role may do can be reviewed once; what each user may do, never. */
export const iamNoUserPolicies = resourcePolicy({
  name: "iam-no-user-policies",
  description: "Policies are attached to roles and groups, not to users",
  severity: "low",
  level: "mandatory",
  controls: {
    fsbp: ["IAM.2"],
    "cis-aws-3.0": ["1.15"],
    "nist-800-53r5": ["AC-6"],
    checkov: ["CKV_AWS_40"],
    trivy: ["AWS-0143"],
  },
  remediation: "Attach the policy to a role or a group.",
  url: securityHub("IAM.2"),
  types: [
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/userPoliciesExclusive:UserPoliciesExclusive",
  ],
  check(attachment, report) {
    if (!attachment.type.endsWith(":PolicyAttachment")) report.violation("a policy of a user's own");
    else report.expect(attachment.at("users"), (users) => users.items().length === 0, "users names users");
  },
});

/**
 * A user has long-lived credentials and is forgotten when the person leaves; people sign in where
 * the company keeps its people.
 */
export const iamNoUsers = resourcePolicy({
  name: "iam-no-users",
  description: "Programs make no IAM users",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["IAM.3"],
    "nist-800-53r5": ["IA-2"],
    checkov: ["CKV_AWS_273"],
    trivy: ["AWS-0143"],
    "cdk-nag": ["R5-IAMUserNoPolicies"],
  },
  remediation: "Use Identity Center, or users that exist already, and roles for programs.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp",
  types: ["aws:iam/user:User", "aws:iam/accessKey:AccessKey"],
  check(user, report) {
    report.violation(
      user.type.endsWith(":User") ? "an IAM user" : "an access key that lives until somebody deletes it",
    );
  },
});

/**
 * What a wildcard matches grows with every release of the service, on every resource there will
 * ever be.
 */
export const iamNoWildcardOnAll = resourcePolicy({
  name: "iam-no-wildcard-on-all",
  description: "Actions with wildcards are limited to resources",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["AC-6"], checkov: ["CKV_AWS_355"], "cdk-nag": ["IAM5"] },
  remediation: "Write the actions out, or name the resources.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  types: PERMISSION_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      if (!isUnlimited(statement)) return;
      const wild = actionPatterns(statement).filter((action) => /[*?]/.test(action));
      if (wild.length > 0) report.violation(`${statement.value.path} allows ${wild.join(", ")} on every resource`);
    });
  },
});
