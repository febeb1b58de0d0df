import { resourcePolicy } from "../../frame/policy";
import { reportPublic } from "../public-access";
import { securityHub } from "../urls";

/** Whoever may put events sets off every rule that matches them. */
export const eventbridgeBusPolicy = resourcePolicy({
  name: "eventbridge-bus-policy",
  description: "No event bus takes events from everyone",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["EventBridge.3"], "nist-800-53r5": ["AC-3"], "cdk-nag": ["EVB1"] },
  remediation: "Name the accounts, or add a condition on aws:PrincipalOrgID.",
  url: securityHub("EventBridge.3"),
  types: ["aws:cloudwatch/eventBusPolicy:EventBusPolicy", "aws:cloudwatch/eventPermission:EventPermission"],
  check(bus, report) {
    reportPublic(bus.at("policy"), report);
    report.expect(
      bus.at("principal"),
      (principal) => principal.text() !== "*" || bus.at("condition").isSet,
      "principal is everyone, without a condition",
    );
  },
});
