import { resourcePolicy } from "../../frame/policy";

const ATTACHMENTS: Readonly<Record<string, string>> = {
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
  "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
  "aws:iam/role:Role": "managedPolicyArns",
  "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
};

/** IAMFullAccess lets its holder give himself everything else. */
export const iamNoIamFullAccess = resourcePolicy({
  name: "iam-no-iam-full-access",
  description: "Nobody holds the AWS-managed policy IAMFullAccess",
  severity: "critical",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], checkov: ["CKV2_AWS_56"], "cdk-nag": ["IAM4"] },
  remediation: "Attach a policy that names the actions and resources that are needed.",
  url: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMFullAccess.html",
  types: Object.keys(ATTACHMENTS),
  check(resource, report) {
    report.each(resource.at(ATTACHMENTS[resource.type] ?? ""), (arn) => {
      if (/:policy\/IAMFullAccess$/.test(arn.text() ?? "")) report.violation(`${arn.path} is ${arn.show()}`);
    });
  },
});
