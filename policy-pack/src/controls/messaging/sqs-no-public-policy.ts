import { resourcePolicy } from "../../frame/policy";
import { reportPublic } from "../public-access";
import { securityHub } from "../urls";

/** Whoever may send to a queue gives its reader orders; whoever may receive takes them away. */
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
