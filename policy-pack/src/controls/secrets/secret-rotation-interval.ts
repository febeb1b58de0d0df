import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** Longer than a quarter, and nobody remembers who knew the old value. */
export const secretRotationInterval = resourcePolicy({
  name: "secret-rotation-interval",
  description: "Secrets rotate at least every 90 days",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["SecretsManager.4"], "nist-800-53r5": ["IA-5"], checkov: ["CKV_AWS_304"] },
  remediation: "Set rotationRules.automaticallyAfterDays, or a rate or cron in scheduleExpression, to 90 days or less.",
  url: securityHub("SecretsManager.4"),
  types: ["aws:secretsmanager/secretRotation:SecretRotation"],
  config: { maxDays: { type: "integer", description: "The most days between two rotations", default: 90 } },
  check(rotation, report, config) {
    const most = config.at("maxDays").number() ?? 90;
    const schedule = rotation.at("rotationRules.scheduleExpression");
    if (schedule.isSet) {
      report.expect(schedule, () => daysOf(schedule.text() ?? "") <= most);
      return;
    }
    report.expect(rotation.at("rotationRules.automaticallyAfterDays"), (days) => (days.number() ?? Infinity) <= most);
  },
});

/** The days between two runs of an EventBridge-style schedule, at most; Infinity when it is not understood or runs once. */
function daysOf(schedule: string): number {
  const [, amount, unit] = /^rate\((\d+)\s+(hour|day)s?\)$/.exec(schedule.trim()) ?? [];
  if (amount !== undefined) return Number(amount) / (unit === "hour" ? 24 : 1);
  const [, fields] = /^cron\(([^)]+)\)$/.exec(schedule.trim()) ?? [];
  const [, , , month = "", , year = ""] = fields?.trim().split(/\s+/) ?? [];
  if (year !== "*" && year !== "") return Infinity;
  if (month === "*" || month === "?") return 31;
  const step = /^(?:\*|\d+|[A-Z]{3})\/(\d+)$/i.exec(month)?.[1];
  if (step !== undefined) return Number(step) * 31;
  return month === "" ? Infinity : Math.ceil(12 / month.split(",").length) * 31;
}
