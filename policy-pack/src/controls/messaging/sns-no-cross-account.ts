import { resourcePolicy } from "../../frame/policy";
import { statementsOf } from "../../iam/statement";
import { isLimited } from "../public-access";

/** A principal named by its ARN may be of any account; a condition proves that it is meant. */
export const snsNoCrossAccount = resourcePolicy({
  name: "sns-no-cross-account",
  description: "A topic's policy that names principals of another account says so by a condition",
  severity: "medium",
  level: "advisory",
  controls: { "nist-800-53r5": ["AC-4"], checkov: ["CKV_AWS_385"] },
  remediation: "Add a condition on aws:PrincipalArn, aws:PrincipalAccount or aws:PrincipalOrgID.",
  url: "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html",
  types: ["aws:sns/topicPolicy:TopicPolicy"],
  check(policy, report) {
    const arn = policy.at("arn");
    const own = (): string | undefined => /^arn:[^:]+:sns:[^:]*:(\d{12}):/.exec(arn.text() ?? "")?.[1];
    report.each(statementsOf(policy.at("policy")), (statement) => {
      if (!statement.allows || isLimited(statement)) return;
      report.each(statement.principals(), ({ kind, name }) => {
        const account =
          kind === "AWS" ? /^(?:arn:[^:]+:iam::)?(\d{12})(?::|$)/.exec(name.text() ?? "")?.[1] : undefined;
        if (account !== undefined && account !== own())
          report.violation(`${name.path} names ${name.show()} without a condition`);
      });
    });
  },
});
