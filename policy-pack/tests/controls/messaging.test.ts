import { ecrNoPublicPolicy } from "../../src/controls/ecr/ecr-no-public-policy";
import { eventbridgeBusPolicy } from "../../src/controls/messaging/eventbridge-bus-policy";
import { snsNoCrossAccount } from "../../src/controls/messaging/sns-no-cross-account";
import { snsNoPublicPolicy } from "../../src/controls/messaging/sns-no-public-policy";
import { sqsDlq } from "../../src/controls/messaging/sqs-dlq";
import { sqsNoEveryAction } from "../../src/controls/messaging/sqs-no-every-action";
import { sqsNoPublicPolicy } from "../../src/controls/messaging/sqs-no-public-policy";
import { sqsSnsTlsOnly } from "../../src/controls/messaging/sqs-sns-tls-only";
import { resourceCases, stackCases, type Changes } from "./cases";

const document = (...statements: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });

const TOPIC = "arn:aws:sns:us-east-1:111122223333:alarms";
const named = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:role/app" },
  Action: "sqs:SendMessage",
  Resource: "*",
};
const shared = (more: object): Changes => ({ policy: document(named, { ...named, ...more }) });
const everyone = {
  everyone: shared({ Principal: "*" }),
  "any account's role of a name": shared({ Principal: { AWS: "arn:aws:iam::*:role/app" } }),
};
const nobody = {
  "a denial": shared({ Effect: "Deny", Principal: "*" }),
  "a source": shared({ Principal: "*", Condition: { ArnEquals: { "aws:SourceArn": TOPIC } } }),
};
for (const [publicPolicy, type, base] of [
  [sqsNoPublicPolicy, "aws:sqs/queuePolicy:QueuePolicy", { queueUrl: "q" }],
  [sqsNoPublicPolicy, "aws:sqs/queue:Queue", { name: "q" }],
  [snsNoPublicPolicy, "aws:sns/topicPolicy:TopicPolicy", { arn: TOPIC }],
  [snsNoPublicPolicy, "aws:sns/topic:Topic", { name: "t" }],
  [ecrNoPublicPolicy, "aws:ecr/repositoryPolicy:RepositoryPolicy", { repository: "r" }],
  [eventbridgeBusPolicy, "aws:cloudwatch/eventBusPolicy:EventBusPolicy", { eventBusName: "b" }],
] as const) {
  resourceCases(publicPolicy, { type, compliant: { ...base, ...shared({}) }, violations: everyone, accepted: nobody });
}
resourceCases(eventbridgeBusPolicy, {
  type: "aws:cloudwatch/eventPermission:EventPermission",
  compliant: { statementId: "s", principal: "111122223333" },
  violations: { everyone: { principal: "*" } },
  accepted: {
    "an organization": { principal: "*", condition: { key: "aws:PrincipalOrgID", type: "StringEquals", value: "o-1" } },
  },
});
resourceCases(sqsNoEveryAction, {
  type: "aws:sqs/queuePolicy:QueuePolicy",
  compliant: { queueUrl: "q", ...shared({}) },
  violations: { "every action": shared({ Action: "*" }), "every action of SQS": shared({ Action: ["SQS:*"] }) },
  accepted: { "a denial": shared({ Effect: "Deny", Action: "*" }), "several actions": shared({ Action: "sqs:Get*" }) },
});
resourceCases(snsNoCrossAccount, {
  compliant: { arn: TOPIC, ...shared({}) },
  violations: {
    "another account's role": shared({ Principal: { AWS: "arn:aws:iam::444455556666:role/app" } }),
    "another account": shared({ Principal: { AWS: ["444455556666"] } }),
  },
  accepted: {
    "by a condition": shared({
      Principal: { AWS: "444455556666" },
      Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
    }),
    "a service": shared({ Principal: { Service: "budgets.amazonaws.com" } }),
  },
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
    queuePolicy: { type: "aws:sqs/queuePolicy:QueuePolicy", queueUrl: "q", policy: document(named, plain) },
    topic: { type: "aws:sns/topic:Topic", name: "t", policy: document(plain) },
  },
  violations: {
    "a queue without a policy": { queuePolicy: undefined },
    "a topic without the denial": { "topic:policy": document(named) },
  },
  accepted: { "a denial of the very action": { "queuePolicy:policy": document({ ...plain, Action: "sqs:*" }) } },
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
