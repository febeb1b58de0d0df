import { resourcePolicy } from "../../frame/policy";

/** A user has long-lived credentials and is forgotten when the person leaves; people sign in where the company keeps its people. */
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
