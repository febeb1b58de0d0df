import { stackPolicy } from "../../frame/policy";
import type { ResourceView, StackView } from "../../frame/view";
import { type Statement, statementsOf } from "../../iam/statement";

/** CloudWatch Logs encrypts in its own name: where the key's policy does not let it, `up` fails half-way. */
export const kmsKeyLogServiceGrant = stackPolicy({
  name: "kms-key-log-service-grant",
  description: "A key that encrypts log groups lets CloudWatch Logs use it",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SC-12"] },
  remediation:
    "Allow the principal logs.REGION.amazonaws.com to use the key, with a condition on kms:EncryptionContext:aws:logs:arn.",
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  checkStack(stack, report) {
    const groups = stack.ofType("aws:cloudwatch/logGroup:LogGroup").filter((group) => group.at("kmsKeyId").isSet);
    report.eachResource(stack.ofType("aws:kms/key:Key"), (key) => {
      const group = groups.find(
        (candidate) =>
          candidate.facts.propertyDependencies?.["kmsKeyId"]?.includes(key.urn) === true ||
          names(stack, candidate, key),
      );
      if (group === undefined) report.notApplicable("no log group of the stack uses the key");
      const policies = [key, ...stack.companions(key, "aws:kms/keyPolicy:KeyPolicy", "keyId").found].map((owner) =>
        owner.at("policy"),
      );
      const admits = policies.filter((policy) => policy.isSet).some((policy) => statementsOf(policy).some(admitsLogs));
      if (!admits)
        report.violation(
          `the log group ${group?.name ?? ""} uses the key, whose policy does not admit CloudWatch Logs`,
        );
    });
  },
});

function names(stack: StackView, group: ResourceView, key: ResourceView): boolean {
  return !group.at("kmsKeyId").isUnknown && stack.refers(group, "kmsKeyId", key);
}

function admitsLogs(statement: Statement): boolean {
  return (
    statement.allows &&
    statement
      .principals()
      .some(({ kind, name }) => kind === "Service" && /^logs\.(?:[a-z0-9-]+\.)?amazonaws\.com/.test(name.text() ?? ""))
  );
}
