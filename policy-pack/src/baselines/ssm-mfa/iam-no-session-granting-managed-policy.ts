import { COMMAND_POLICIES, SESSION_POLICIES } from "../../data/managed-policies";
import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";

/** Where each type names the managed policies it hands out, and whether to a role. */
const PATHS: Readonly<Record<string, readonly [path: string, toRole: boolean]>> = {
  "aws:iam/role:Role": ["managedPolicyArns", true],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["policyArn", true],
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": ["policyArns", true],
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": ["policyArn", false],
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": ["policyArns", false],
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": ["policyArn", false],
  "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": ["policyArns", false],
  "aws:iam/policyAttachment:PolicyAttachment": ["policyArn", false],
  "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": ["managedPolicyArn", false],
  "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive": ["managedPolicyArns", false],
};

/** No one can put an MFA condition into a policy that AWS writes. */
export const iamNoSessionGrantingManagedPolicy = resourcePolicy({
  name: "iam-no-session-granting-managed-policy",
  description: "No AWS-managed policy that opens a shell is attached",
  severity: "critical",
  level: "mandatory",
  controls: {
    baseline: ["ssm-mfa"],
    fsbp: ["IAM.1"],
    "cis-aws-3.0": ["1.16"],
    "nist-800-53r5": ["AC-6"],
    checkov: ["CKV_AWS_274"],
    "cdk-nag": ["IAM4"],
  },
  remediation: "Attach a policy of your own with the few actions needed, and MFA asked for where a session is opened.",
  url: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
  types: Object.keys(PATHS),
  check(resource, report) {
    const [path, toRole] = PATHS[resource.type] ?? ["", false];
    report.each(resource.at(path), (arn) => {
      const name = opensShell(arn, toRole);
      if (name !== undefined) report.violation(`${arn.path} attaches ${name}`);
    });
  },
});

/**
 * The name of the AWS-managed policy, when it opens a shell. A service role may run the commands
 * that are its service.
 */
function opensShell(arn: Value, toRole: boolean): string | undefined {
  const [, folder, name] = /^arn:[^:]*:iam::aws:policy\/(.*\/)?([^/]+)$/.exec(arn.text()?.trim() ?? "") ?? [];
  if (name === undefined) return undefined;
  const forService = toRole && /service-role\/$/.test(folder ?? "");
  return SESSION_POLICIES.has(name) || (COMMAND_POLICIES.has(name) && !forService) ? name : undefined;
}
