import { resourcePolicy } from "../../frame/policy";
import { isGiven, sessionInputs } from "./session-document";

const LONGEST_IDLE_MINUTES = 60;

/** The session's own encryption, its end, and who it runs as. */
export const ssmSessionPreferences = resourcePolicy({
  name: "ssm-session-preferences",
  description: "Sessions are encrypted under a KMS key and end when idle",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AU-14", "SC-8"], checkov: ["CKV_AWS_112"] },
  remediation: "Name a key in inputs.kmsKeyId, and an idleSessionTimeout of 1 to 60 minutes.",
  url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-preferences.html",
  types: ["aws:ssm/document:Document"],
  check(document, report) {
    const inputs = sessionInputs(document, report);
    report.expect(inputs.at("kmsKeyId"), isGiven, "no kmsKeyId is named: the session has no encryption of its own");
    const idle = inputs.at("idleSessionTimeout");
    report.expect(
      idle,
      () =>
        idle.isAbsent ||
        idle.text() === "" ||
        /\{\{/.test(idle.text() ?? "") ||
        between(idle.number(), 1, LONGEST_IDLE_MINUTES),
    );
  },
});

function between(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}
