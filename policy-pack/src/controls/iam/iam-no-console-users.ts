import { stackPolicy } from "../../frame/policy";

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
