import { resourcePolicy } from "../../frame/policy";

/** AWS sends single alerts to topics only, and takes e-mail addresses for daily and weekly summaries alone. */
export const costAnomalyNotifies = resourcePolicy({
  name: "cost-anomaly-notifies",
  description: "Unusual spending is told to somebody, in a way that AWS accepts",
  severity: "low",
  level: "mandatory",
  controls: { area: ["cost"], "nist-800-53r5": ["SI-4"] },
  remediation: "Name a topic for IMMEDIATE, or e-mail addresses for DAILY and WEEKLY.",
  url: "https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html",
  types: ["aws:costexplorer/anomalySubscription:AnomalySubscription"],
  check(subscription, report) {
    const subscribers = subscription.at("subscribers");
    report.expect(subscribers, () => subscribers.items().length > 0, "subscribers names nobody");
    report.guard(() => {
      const wanted = subscription.at("frequency").text() === "IMMEDIATE" ? "SNS" : "EMAIL";
      report.each(subscribers, (subscriber) => report.expect(subscriber.at("type"), (type) => type.text() === wanted));
    });
  },
});
