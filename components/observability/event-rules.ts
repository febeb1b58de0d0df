import type { StackContext } from "../kit";
import { call, notBy, type EventRulePlan } from "./event-rule";
import { planIdentityEvents } from "./identity-rules";

/** Where alarms, rules, topics and logs are. */
const watching = ["aws.monitoring", "aws.cloudwatch", "aws.events", "aws.logs", "aws.sns"];

/**
 * Changes of alarms, of what they hear by, and of logs. `PutMetricAlarm` is not among them: Application Auto Scaling calls it whenever it
 * scales. The filters and rules of an alarm are.
 */
const alarmEvents = (deployer: string): EventRulePlan => ({
  noun: "alarm-events",
  description: "An alarm, what it hears by, or a log was changed, switched off or deleted",
  sources: watching,
  detailType: call,
  global: true,
  detail: {
    eventName: [
      ...["DeleteAlarms", "PutMetricFilter", "DeleteMetricFilter"],
      ...["PutRule", "PutTargets", "DeleteRule", "DisableRule", "RemoveTargets", "UpdateEventBus"],
      ...["SetSubscriptionAttributes", "SetTopicAttributes", "RemovePermission", "PutDataProtectionPolicy"],
      ...["PutRetentionPolicy", "DeleteLogStream", "DeleteLogGroup"],
      ...["PutSubscriptionFilter", "PutTransformer", "PutAccountPolicy"],
    ],
    $or: notBy(deployer),
  },
});

/** What silences alarms at once, and no deployment does but one that removes an address or a topic. */
const silenceEvents: EventRulePlan = {
  noun: "silence-events",
  description: "An alarm was silenced, or a topic or an address of alarms removed",
  sources: watching,
  detailType: call,
  detail: { eventName: ["SetAlarmState", "DisableAlarmActions", "Unsubscribe", "DeleteTopic"] },
};

/** Events that cannot wait for the trail's log group, which lags up to 15 minutes. */
const regionalEvents = (deployer: string): readonly EventRulePlan[] => [
  {
    noun: "trail-events",
    description: "The trail was stopped or changed",
    sources: ["aws.cloudtrail"],
    detailType: call,
    detail: { eventName: ["DeleteTrail", "StopLogging", "UpdateTrail", "PutEventSelectors"] },
  },
  alarmEvents(deployer),
  silenceEvents,
  {
    noun: "key-events",
    description: "A customer-managed key was disabled or set to be deleted",
    sources: ["aws.kms"],
    detailType: call,
    detail: { eventName: ["DisableKey", "ScheduleKeyDeletion"] },
  },
  {
    noun: "session-events",
    description: "A session document changed, or a shell was asked for by another door",
    sources: ["aws.ssm"],
    detailType: call,
    detail: {
      $or: [
        { eventName: ["SendCommand"] },
        ...notBy(deployer).map((others) => ({
          eventName: ["UpdateDocument", "UpdateDocumentDefaultVersion", "ModifyDocumentPermission", "DeleteDocument"],
          ...others,
        })),
      ],
    },
  },
  {
    noun: "rotation-events",
    description: "The rotation of a secret failed",
    sources: ["aws.secretsmanager"],
    detailType: "AWS Service Event via CloudTrail",
    detail: { eventName: ["RotationFailed", "RotationAbandoned"] },
  },
];

/**
 * Every rule, in a fixed order.
 * @param workflow subject of the protected workflow's tokens; undefined: none deploys
 */
export const planEvents = (context: StackContext, workflow?: string): readonly EventRulePlan[] => [
  ...regionalEvents(context.names.deployerRole()),
  ...planIdentityEvents(context, workflow),
];
