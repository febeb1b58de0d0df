import { stackPolicy } from "../../frame/policy";
import type { ResourceView } from "../../frame/view";
import { demandCompanion } from "../companion";

/** A message that fails for ever either blocks the queue or vanishes; set aside, it can be looked at. */
export const sqsDlq = stackPolicy({
  name: "sqs-dlq",
  description: "Queues set aside messages that keep failing",
  severity: "low",
  level: "advisory",
  tags: ["nist-800-53r5:CP-10", "cdk-nag:SQS3"],
  remediation: "Set redrivePolicy with deadLetterTargetArn and maxReceiveCount, or add an aws.sqs.RedrivePolicy.",
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
  types: ["aws:sqs/queue:Queue"],
  checkStack(stack, report) {
    const queues = stack.ofType("aws:sqs/queue:Queue");
    report.eachResource(queues, (queue) => {
      if (queue.at("redrivePolicy").isSet) return;
      if (queue.at("redriveAllowPolicy").isSet || queues.some((other) => setsAsideTo(other, queue))) {
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

function setsAsideTo(queue: ResourceView, target: ResourceView): boolean {
  return queue.facts.propertyDependencies?.["redrivePolicy"]?.includes(target.urn) === true;
}
