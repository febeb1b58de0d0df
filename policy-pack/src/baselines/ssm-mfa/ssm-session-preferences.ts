import { parse } from "yaml";
import { resourcePolicy } from "../../frame/policy";
import { Undeterminable, Value } from "../../frame/value";
import type { Report } from "../../frame/report";
import type { ResourceView } from "../../frame/view";

const DOCUMENT = "aws:ssm/document:Document";
const URL = "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-preferences.html";
const LONGEST_IDLE_MINUTES = 60;

/** The inputs of a session document; ends the rule for documents of other kinds and sessions without a shell's content. */
function sessionInputs(document: ResourceView, report: Report): Value {
  const type = document.at("documentType");
  if (!type.isUnknown && type.isSet && type.text() !== "Session") report.notApplicable("it is no session document");
  const content = contentOf(document.at("content"));
  if (content.at("sessionType").isAbsent && content.at("inputs").isAbsent)
    report.notApplicable("it is no session document");
  // What passes a forwarded port is not the agent's to see: it can neither be logged nor encrypted by it.
  if (["Port", "InteractiveCommands", "NonInteractiveCommands"].includes(content.at("sessionType").text() ?? ""))
    report.notApplicable("sessions of this type have no preferences");
  return content.at("inputs");
}

/** Documents are JSON or YAML, whatever their format says. */
function contentOf(content: Value): Value {
  try {
    return content.document();
  } catch (error) {
    if (!(error instanceof Undeterminable) || content.isUnknown) throw error;
  }
  try {
    return Value.of(parse(content.text() ?? "", { logLevel: "error" }), content.path);
  } catch {
    throw new Undeterminable(content.path, "is neither JSON nor YAML");
  }
}

const isGiven = (value: Value): boolean => value.isUnknown || (value.text() ?? "") !== "";

/** The session's own encryption, its end, and who it runs as. */
export const ssmSessionPreferences = resourcePolicy({
  name: "ssm-session-preferences",
  description: "Sessions are encrypted under a KMS key and end when idle",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AU-14", "SC-8"], checkov: ["CKV_AWS_112"] },
  remediation: "Name a key in inputs.kmsKeyId, and an idleSessionTimeout of 1 to 60 minutes.",
  url: URL,
  types: [DOCUMENT],
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

/** A session that leaves no log, or leaves it in the open, cannot be audited. */
export const ssmSessionLogsEncrypted = resourcePolicy({
  name: "ssm-session-logs-encrypted",
  description: "What happens in sessions is logged to an encrypted place",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AU-14", "AU-9"], checkov: ["CKV_AWS_113"] },
  remediation: "Name a log group or a bucket, with cloudWatchEncryptionEnabled or s3EncryptionEnabled true.",
  url: URL,
  types: [DOCUMENT],
  check(document, report) {
    const inputs = sessionInputs(document, report);
    const targets = [
      ["s3BucketName", "s3EncryptionEnabled"],
      ["cloudWatchLogGroupName", "cloudWatchEncryptionEnabled"],
    ] as const;
    const used = targets.filter(([target]) => isGiven(inputs.at(target)));
    if (used.length === 0)
      report.violation("the session is logged nowhere: neither s3BucketName nor cloudWatchLogGroupName is named");
    for (const [target, encrypted] of used)
      report.expect(inputs.at(encrypted), (flag) => flag.flag() !== false, `${target} takes the log unencrypted`);
  },
});

/** A shared document shows others how sessions are set up, and lets them be named elsewhere. */
export const ssmDocumentPrivate = resourcePolicy({
  name: "ssm-document-private",
  description: "Documents are not shared with everybody",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], fsbp: ["SSM.4", "SSM.7"], "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_303"] },
  remediation: "Name the accounts in permissions.account_ids, or leave permissions out.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/ssm-controls.html#ssm-4",
  types: [DOCUMENT],
  check(document, report) {
    const permissions = document.at("permissions");
    report.each([permissions.at("accountIds"), permissions.at("account_ids")], (accounts) => {
      const list = Array.isArray(accounts.known())
        ? accounts.items().flatMap((account) => account.text() ?? [])
        : (accounts.text()?.split(",") ?? []);
      if (list.some((account) => /^\s*(all|\*)\s*$/i.test(account))) report.violation("everybody may use it");
    });
  },
});

function between(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}
