import { resourcePolicy } from "../../frame/policy";
import { DATABASES } from "../types";

/** Retention of 0 turns automated backups and point-in-time recovery off; AWS takes 35 days at most. */
export const rdsBackup = resourcePolicy({
  name: "rds-backup",
  description: "Databases are backed up automatically",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["CP-9"], checkov: ["CKV_AWS_133"], trivy: ["AWS-0077"], "cdk-nag": ["RDS13"] },
  remediation: "Set backupRetentionPeriod to between 7 and 35 days.",
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
  types: DATABASES,
  check(database, report) {
    const days = database.at("backupRetentionPeriod");
    report.expect(days, () => days.isAbsent || isBetween(days.number(), 1, 35));
  },
});

function isBetween(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}
