import { resourcePolicy, stackPolicy } from "../frame/policy";
import type { Value } from "../frame/value";
import type { ResourceView, StackView } from "../frame/view";
import { actionPatterns } from "../iam/allow-statements";
import { limits } from "../iam/limits";
import { isLimited, reportPublic } from "../iam/public-access";
import { statementsOf } from "../iam/statement";
import { deniesPlainHttp } from "../iam/transport";
import { demandCompanion } from "../shared/companion";
import { securityHub } from "../shared/security-hub";

/** Everyone who may put events can set off the rules that match them. */
export const eventbridgeBusPolicy = resourcePolicy({
  name: "eventbridge-bus-policy",
  description: "No event bus takes events from everyone",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["EventBridge.3"], "nist-800-53r5": ["AC-3"], "cdk-nag": ["EVB1"] },
  remediation: "Name the accounts, or add a condition on aws:PrincipalOrgID.",
  url: securityHub("EventBridge.3"),
  types: ["aws:cloudwatch/eventBusPolicy:EventBusPolicy", "aws:cloudwatch/eventPermission:EventPermission"],
  check(bus, report) {
    reportPublic(bus.at("policy"), report);
    report.expect(
      bus.at("principal"),
      (principal) => principal.text() !== "*" || limitsBus(bus.at("condition")),
      "principal is everyone, without a condition that names an organization",
    );
  },
});

/** The one condition that a permission of a bus takes, in a form of its own. */
function limitsBus(condition: Value): boolean {
  const [operator = "", key = ""] = ["type", "key"].map((name) => condition.at(name).text()?.toLowerCase());
  return limits({ operator, key, ifExists: false, set: undefined, values: [condition.at("value")] });
}

/**
 * A principal's ARN may belong to any account; a condition shows that another account is intended.
 */
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

/** Everyone who may subscribe reads the alarms; everyone who may publish can forge them. */
export const snsNoPublicPolicy = resourcePolicy({
  name: "sns-no-public-policy",
  description: "No topic's policy allows everyone",
  severity: "critical",
  level: "mandatory",
  controls: { fsbp: ["SNS.4"], "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_169"] },
  remediation: "Name the principals, or add a condition on aws:SourceAccount or aws:SourceArn.",
  url: securityHub("SNS.4"),
  types: ["aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"],
  check(topic, report) {
    reportPublic(topic.at("policy"), report);
  },
});

/**
 * A message that fails for ever either blocks the queue or vanishes; set aside, it can be looked
 * at.
 */
export const sqsDlq = stackPolicy({
  name: "sqs-dlq",
  description: "Queues set aside messages that keep failing",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["CP-10"], "cdk-nag": ["SQS3"] },
  remediation: "Set redrivePolicy with deadLetterTargetArn and maxReceiveCount, or add an aws.sqs.RedrivePolicy.",
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
  types: ["aws:sqs/queue:Queue"],
  checkStack(stack, report) {
    const setting = stack.resources.filter((other) => FAILURE_INPUTS.some((path) => other.at(path).isSet));
    report.eachResource(stack.ofType("aws:sqs/queue:Queue"), (queue) => {
      if (queue.at("redrivePolicy").isSet) return;
      if (queue.at("redriveAllowPolicy").isSet || setting.some((other) => setsAsideTo(stack, other, queue))) {
        report.notApplicable("the queue takes what others set aside");
      }
      demandCompanion(
        stack,
        report,
        queue,
        ["aws:sqs/redrivePolicy:RedrivePolicy"],
        "queueUrl",
        "redrivePolicy is not set",
      );
    });
  },
});

/** The inputs by which queues, functions, rules and schedules name the queue for what failed. */
const FAILURE_INPUTS = [
  "redrivePolicy",
  "deadLetterConfig.targetArn",
  "deadLetterConfig.arn",
  "destinationConfig.onFailure.destination",
  "destinationConfig.onFailure.destinationArn",
  "target.deadLetterConfig.arn",
];

function setsAsideTo(stack: StackView, resource: ResourceView, queue: ResourceView): boolean {
  return FAILURE_INPUTS.some((path) => {
    const value = resource.at(path);
    if (value.isAbsent) return false;
    const [key = ""] = path.split(".");
    const recorded = resource.facts.propertyDependencies?.[key] ?? [];
    return recorded.includes(queue.urn) || (!value.isUnknown && stack.isNamed(value.text(), queue));
  });
}

/** Every action includes purging the queue and changing its policy. */
export const sqsNoEveryAction = resourcePolicy({
  name: "sqs-no-every-action",
  description: "No queue's policy allows every action",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], checkov: ["CKV_AWS_72"], trivy: ["AWS-0097"] },
  remediation: "Name the actions, such as sqs:SendMessage.",
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
  types: ["aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"],
  check(queue, report) {
    const document = queue.at("policy");
    if (document.isAbsent) return;
    report.each(statementsOf(document), (statement) => {
      if (statement.allows && actionPatterns(statement).some((action) => /^(?:sqs:)?\*+$/i.test(action))) {
        report.violation(`${statement.value.path} allows every action`);
      }
    });
  },
});

/** Everyone who may send to a queue controls its reader; everyone who may receive can empty it. */
export const sqsNoPublicPolicy = resourcePolicy({
  name: "sqs-no-public-policy",
  description: "No queue's policy allows everyone",
  severity: "critical",
  level: "mandatory",
  controls: {
    fsbp: ["SQS.3"],
    "nist-800-53r5": ["AC-3"],
    checkov: ["CKV_AWS_168", "CKV_AWS_387"],
    trivy: ["AWS-0097"],
  },
  remediation: "Name the principals, or add a condition on aws:SourceArn.",
  url: securityHub("SQS.3"),
  types: ["aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"],
  check(queue, report) {
    reportPublic(queue.at("policy"), report);
  },
});

const POLICY_OWNERS: readonly (readonly [type: string, policy: string, reference: string, action: string])[] = [
  ["aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy", "queueUrl", "sqs:SendMessage"],
  ["aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy", "arn", "sns:Publish"],
];

/** An alarm sent without TLS tells an intruder what was detected. */
export const sqsSnsTlsOnly = stackPolicy({
  name: "sqs-sns-tls-only",
  description: "Queues and topics refuse requests without TLS",
  severity: "medium",
  level: "advisory",
  controls: { "nist-800-53r5": ["SC-8"], "cdk-nag": ["SQS4", "SNS3"] },
  remediation: "Add a statement to the policy that denies everyone where aws:SecureTransport is false.",
  url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html#enforce-encryption-data-in-transit",
  types: POLICY_OWNERS.map(([type]) => type),
  checkStack(stack, report) {
    for (const [type, policyType, reference, action] of POLICY_OWNERS) {
      report.eachResource(stack.ofType(type), (owner) => {
        if (owner.at("policy").isSet && deniesPlainHttp(owner.at("policy"), [{ action }])) return;
        demandCompanion(
          stack,
          report,
          owner,
          [policyType],
          reference,
          "no policy denies requests without TLS",
          (policy) => deniesPlainHttp(policy.at("policy"), [{ action }]),
        );
      });
    }
  },
});
