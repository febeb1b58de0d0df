import { by, trailRecord } from "../../../support/trail-records";
import { deployer, type Row } from "./row";

/** An ordinary day: nothing of it rings. */
export const quiet: readonly Row[] = [
  ["a session opens", trailRecord("ssm:StartSession", by.role("example-engineering-session"), { readOnly: false }), []],
  ["a session ends", trailRecord("ssm:TerminateSession", by.role("example-engineering-session")), []],
  ["the document is read", trailRecord("ssm:GetDocument", by.role("example-ws-sato"), { readOnly: true }), []],
  ["the operator starts a workspace", trailRecord("ec2:StartInstances", by.role("example-operator")), []],
  ["the operator rolls a service", trailRecord("ecs:UpdateService", by.role("example-operator")), []],
  [
    "a service's alarms follow its scaling",
    trailRecord("monitoring:PutMetricAlarm", by.role("AWSServiceRoleForApplicationAutoScaling_ECSService")),
    [],
  ],
  [
    "a service scales",
    trailRecord("ecs:UpdateService", by.role("AWSServiceRoleForApplicationAutoScaling_ECSService")),
    [],
  ],
  ["EBS uses a key", trailRecord("kms:GenerateDataKeyWithoutPlaintext", by.service("ebs.amazonaws.com")), []],
  [
    "KMS turns a key",
    trailRecord("kms:RotateKey", by.service("kms.amazonaws.com"), { eventType: "AwsServiceEvent" }),
    [],
  ],
  ["a rotation starts", trailRecord("secretsmanager:RotateSecret", by.service("secretsmanager.amazonaws.com")), []],
  [
    "a rotation ends",
    trailRecord("secretsmanager:RotationSucceeded", by.service("secretsmanager.amazonaws.com"), {
      eventType: "AwsServiceEvent",
    }),
    [],
  ],
  [
    "an auditor reads the trail",
    trailRecord("cloudtrail:LookupEvents", by.role("example-auditor"), { readOnly: true }),
    [],
  ],
  ["an alarm changes its state", trailRecord("monitoring:DescribeAlarms", by.role("example-operator")), []],
  ["a deployment makes a function", trailRecord("lambda:CreateFunction20150331", deployer), []],
];
