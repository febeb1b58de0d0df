import {
  eventbridgeBusPolicy,
  snsNoCrossAccount,
  snsNoPublicPolicy,
  sqsDlq,
  sqsNoEveryAction,
  sqsNoPublicPolicy,
  sqsSnsTlsOnly,
} from "../../src/controls/messaging";
import { resourceCases, stackCases } from "./cases";
import { NAMED, beside, document, publicPolicyCases } from "./documents";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:alarms";
publicPolicyCases(sqsNoPublicPolicy, "aws:sqs/queuePolicy:QueuePolicy", { queueUrl: "q" });
publicPolicyCases(sqsNoPublicPolicy, "aws:sqs/queue:Queue", { name: "q" });
publicPolicyCases(snsNoPublicPolicy, "aws:sns/topicPolicy:TopicPolicy", { arn: TOPIC });
publicPolicyCases(snsNoPublicPolicy, "aws:sns/topic:Topic", { name: "t" });
publicPolicyCases(eventbridgeBusPolicy, "aws:cloudwatch/eventBusPolicy:EventBusPolicy", { eventBusName: "b" });

resourceCases(eventbridgeBusPolicy, {
  type: "aws:cloudwatch/eventPermission:EventPermission",
  compliant: { statementId: "s", principal: "111122223333" },
  violations: { everyone: { principal: "*" } },
  accepted: {
    "an organization": { principal: "*", condition: { key: "aws:PrincipalOrgID", type: "StringEquals", value: "o-1" } },
  },
});

resourceCases(snsNoCrossAccount, {
  compliant: { arn: TOPIC, ...beside({}) },
  violations: {
    "another account's role": beside({ Principal: { AWS: "arn:aws:iam::444455556666:role/app" } }),
    "another account": beside({ Principal: { AWS: ["444455556666"] } }),
  },
  accepted: {
    "by a condition": beside({
      Principal: { AWS: "444455556666" },
      Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
    }),
    "a service": beside({ Principal: { Service: "budgets.amazonaws.com" } }),
  },
});

stackCases(sqsDlq, {
  compliant: {
    work: { type: "aws:sqs/queue:Queue", name: "work", redrivePolicy: "{}", dependsOn: { redrivePolicy: ["failed"] } },
    failed: { type: "aws:sqs/queue:Queue", name: "failed" },
  },
  violations: {
    "a queue that drops": { "work:redrivePolicy": undefined, "work:dependsOn": undefined, failed: undefined },
  },
  accepted: {
    "a queue for what a function failed to do": {
      work: undefined,
      fn: {
        type: "aws:lambda/function:Function",
        deadLetterConfig: { targetArn: "x" },
        dependsOn: { deadLetterConfig: ["failed"] },
      },
    },
    "a policy beside it": {
      "work:redrivePolicy": undefined,
      "failed:redriveAllowPolicy": "{}",
      redrive: { type: "aws:sqs/redrivePolicy:RedrivePolicy", queueUrl: "work", redrivePolicy: "{}" },
    },
  },
  presence: ["redrivePolicy"],
});

resourceCases(sqsNoEveryAction, {
  type: "aws:sqs/queuePolicy:QueuePolicy",
  compliant: { queueUrl: "q", ...beside({}) },
  violations: { "every action": beside({ Action: "*" }), "every action of SQS": beside({ Action: ["SQS:*"] }) },
  accepted: { "a denial": beside({ Effect: "Deny", Action: "*" }), "several actions": beside({ Action: "sqs:Get*" }) },
});

const plain = {
  Effect: "Deny",
  Principal: "*",
  Action: "*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
stackCases(sqsSnsTlsOnly, {
  compliant: {
    queue: { type: "aws:sqs/queue:Queue", name: "q" },
    queuePolicy: { type: "aws:sqs/queuePolicy:QueuePolicy", queueUrl: "q", policy: document(NAMED, plain) },
    topic: { type: "aws:sns/topic:Topic", name: "t", policy: document(plain) },
  },
  violations: {
    "a queue without a policy": { queuePolicy: undefined },
    "a topic without the denial": { "topic:policy": document(NAMED) },
  },
  accepted: { "a denial of the very action": { "queuePolicy:policy": document({ ...plain, Action: "sqs:*" }) } },
});
