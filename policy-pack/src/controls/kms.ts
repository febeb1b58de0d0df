import { stackPolicy } from "../frame/policy";
import type { ResourceView, StackView } from "../frame/view";
import { type Statement, statementsOf } from "../iam/statement";
import { demandCompanion } from "../shared/companion";

/**
 * CloudWatch Logs encrypts as its own principal: where the key policy does not admit it, `up` fails
 * half-way.
 */
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
          namesKey(stack, candidate, key),
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

function namesKey(stack: StackView, group: ResourceView, key: ResourceView): boolean {
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

/**
 * Without a policy of its own a key is anyone's to whom an administrator of the account gives it.
 */
export const kmsKeyPolicyDefined = stackPolicy({
  name: "kms-key-policy-defined",
  description: "Every key has a policy of its own",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SC-12"], checkov: ["CKV2_AWS_64"] },
  remediation:
    "Set policy on the key, or add an aws.kms.KeyPolicy, that names the account and the services that use the key.",
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
  types: ["aws:kms/key:Key"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:kms/key:Key"), (key) => {
      const policy = key.at("policy");
      if (policy.isUnknown || (policy.isSet && policy.known() !== "")) return;
      demandCompanion(
        stack,
        report,
        key,
        ["aws:kms/keyPolicy:KeyPolicy"],
        "keyId",
        "neither the key nor an aws.kms.KeyPolicy states a policy",
      );
    });
  },
});
