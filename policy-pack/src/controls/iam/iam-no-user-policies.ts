import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

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
