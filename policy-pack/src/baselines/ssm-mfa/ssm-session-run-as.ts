import { resourcePolicy } from "../../frame/policy";
import { isGiven, sessionInputs } from "./session-document";

/** Users of an instance that may become root: the agent makes ssm-user with every right of sudo. */
const ADMINISTRATORS = ["ssm-user", "root"];

/** A session of ssm-user is a session of the machine's administrator, and the same one for everybody. */
export const ssmSessionRunAs = resourcePolicy({
  name: "ssm-session-run-as",
  description: "Sessions run as a user who is no administrator of the machine",
  severity: "medium",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AC-6(2)"] },
  remediation: "Set inputs.runAsEnabled to true, and runAsDefaultUser to a user without rights of sudo.",
  url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-run-as.html",
  types: ["aws:ssm/document:Document"],
  check(document, report) {
    const inputs = sessionInputs(document, report);
    const enabled = inputs.at("runAsEnabled");
    report.guard(() => {
      if (enabled.text()?.includes("{{") === true) report.undeterminable(enabled, "is a parameter of the document");
      else
        report.expect(enabled, (flag) => flag.flag() === true, "runAsEnabled is not true: the session is ssm-user's");
    });
    const user = inputs.at("runAsDefaultUser");
    report.expect(user, () => !isGiven(user) || user.isUnknown || !ADMINISTRATORS.includes(user.text() ?? ""));
  },
});
