import { resourcePolicy } from "../../frame/policy";
import { statementsOf } from "../../iam/statement";
import { actionPatterns } from "../iam-reading";

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
