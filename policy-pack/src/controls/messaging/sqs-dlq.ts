import { stackPolicy } from "../../frame/policy";
import type { ResourceView, StackView } from "../../frame/view";
import { demandCompanion } from "../companion";

/** A message that fails for ever either blocks the queue or vanishes; set aside, it can be looked at. */
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
    report.eachResource(stack.ofType("aws:sqs/queue:Queue"), (queue) => {
      if (queue.at("redrivePolicy").isSet) return;
      if (queue.at("redriveAllowPolicy").isSet || stack.resources.some((other) => setsAsideTo(stack, other, queue))) {
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
const FAILURES = [
  "redrivePolicy",
  "deadLetterConfig.targetArn",
  "deadLetterConfig.arn",
  "destinationConfig.onFailure.destination",
  "destinationConfig.onFailure.destinationArn",
  "target.deadLetterConfig.arn",
];

function setsAsideTo(stack: StackView, resource: ResourceView, queue: ResourceView): boolean {
  return FAILURES.some((path) => {
    const value = resource.at(path);
    if (value.isAbsent) return false;
    const [key = ""] = path.split(".");
    const recorded = resource.facts.propertyDependencies?.[key] ?? [];
    return recorded.includes(queue.urn) || (!value.isUnknown && stack.isNamed(value.text(), queue));
  });
}
