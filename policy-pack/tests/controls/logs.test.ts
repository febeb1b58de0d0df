import { alarmActions, cisMetricAlarms, logGroupRetention, logGroupRetentionMinimum } from "../../src/controls/logs";
import { type Inputs, resourceCases, stackCases } from "./cases";

const alarm = { comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 1, alarmActions: ["topic"] };
resourceCases(alarmActions, {
  compliant: alarm,
  violations: { off: { actionsEnabled: false }, nobody: { alarmActions: [] }, "left out": { alarmActions: undefined } },
  accepted: { on: { actionsEnabled: true } },
});

const PATTERNS = [
  "UnauthorizedOperation AccessDenied",
  "ConsoleLogin MFAUsed",
  "userIdentity.type = Root",
  "PutRolePolicy AttachRolePolicy",
  "StopLogging DeleteTrail",
  "ConsoleLogin Failed authentication",
  "ScheduleKeyDeletion DisableKey",
  "PutBucketPolicy",
  "StopConfigurationRecorder",
  "AuthorizeSecurityGroupIngress",
  "CreateNetworkAclEntry",
  "CreateInternetGateway",
  "CreateRoute",
  "CreateVpc",
  "organizations.amazonaws.com",
];
const filters = Object.fromEntries<Inputs>(
  PATTERNS.flatMap((pattern, index): [string, Inputs][] => [
    [
      `filter${index}`,
      {
        type: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        logGroupName: "trail",
        pattern,
        metricTransformation: { name: `m${index}`, namespace: "cis", value: "1" },
      },
    ],
    [`alarm${index}`, { type: "aws:cloudwatch/metricAlarm:MetricAlarm", ...alarm, metricName: `m${index}` }],
  ]),
);
stackCases(cisMetricAlarms, {
  compliant: {
    trail: { type: "aws:cloudtrail/trail:Trail", s3BucketName: "b", cloudWatchLogsGroupArn: "arn" },
    ...filters,
  },
  violations: {
    "one filter missing": { filter1: undefined },
    "one alarm missing": { alarm14: undefined },
    "another pattern": { "filter4:pattern": "CreateTrail" },
  },
  accepted: { "a trail that goes to S3 only": { "trail:cloudWatchLogsGroupArn": undefined, filter1: undefined } },
});

resourceCases(logGroupRetention, {
  compliant: { retentionInDays: 30 },
  violations: { "left out": { retentionInDays: undefined } },
  accepted: { "for ever, said by name": { retentionInDays: 0 } },
  presence: ["retentionInDays"],
});

resourceCases(logGroupRetentionMinimum, {
  compliant: { retentionInDays: 365 },
  violations: { "a month": { retentionInDays: 30 } },
  accepted: { "for ever": { retentionInDays: 0 }, longer: { retentionInDays: 731 } },
});

resourceCases(logGroupRetentionMinimum, {
  config: { minDays: 30 },
  compliant: { retentionInDays: 30 },
  violations: { "a week": { retentionInDays: 7 } },
});
