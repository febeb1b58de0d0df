import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";
import { deniesPlainHttp } from "../transport";

const OWNERS: readonly (readonly [type: string, policy: string, reference: string, action: string])[] = [
  ["aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy", "queueUrl", "sqs:SendMessage"],
  ["aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy", "arn", "sns:Publish"],
];

/** An alarm sent in the clear tells an intruder what was noticed. */
export const sqsSnsTlsOnly = stackPolicy({
  name: "sqs-sns-tls-only",
  description: "Queues and topics refuse requests without TLS",
  severity: "medium",
  level: "advisory",
  controls: { "nist-800-53r5": ["SC-8"], "cdk-nag": ["SQS4", "SNS3"] },
  remediation: "Add a statement to the policy that denies everyone where aws:SecureTransport is false.",
  url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html#enforce-encryption-data-in-transit",
  types: OWNERS.map(([type]) => type),
  checkStack(stack, report) {
    for (const [type, policyType, reference, action] of OWNERS) {
      report.eachResource(stack.ofType(type), (owner) => {
        if (owner.at("policy").isSet && deniesPlainHttp(owner.at("policy"), action)) return;
        demandCompanion(
          stack,
          report,
          owner,
          [policyType],
          reference,
          "no policy denies requests without TLS",
          (policy) => deniesPlainHttp(policy.at("policy"), action),
        );
      });
    }
  },
});
