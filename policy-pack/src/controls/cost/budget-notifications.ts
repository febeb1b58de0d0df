import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";

/** A budget that tells nobody is a number in a console. */
export const budgetNotifications = resourcePolicy({
  name: "budget-notifications",
  description: "Budgets tell somebody what was spent and what will be",
  severity: "medium",
  level: "mandatory",
  controls: { area: ["cost"], "nist-800-53r5": ["SI-4"] },
  remediation: "Add a notification of the type ACTUAL and one of the type FORECASTED, each with a subscriber.",
  url: "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-best-practices.html",
  types: ["aws:budgets/budget:Budget"],
  check(budget, report) {
    const notifications = budget.at("notifications").items();
    for (const type of ["ACTUAL", "FORECASTED"]) {
      report.guard(() => {
        const told = notifications.some(
          (notification) => notification.at("notificationType").text() === type && hasSubscriber(notification),
        );
        if (!told) report.violation(`no notification of the type ${type} has a subscriber`);
      });
    }
  },
});

function hasSubscriber(notification: Value): boolean {
  return ["subscriberEmailAddresses", "subscriberSnsTopicArns"].some(
    (key) => notification.at(key).isUnknown || notification.at(key).items().length > 0,
  );
}
