import { resourcePolicy } from "../../frame/policy";
import { reportPublic } from "../public-access";
import { securityHub } from "../urls";

/** Whoever may subscribe hears every alarm; whoever may publish cries wolf. */
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
