import { resourcePolicy } from "../../frame/policy";
import { DATABASES } from "../types";
import { securityHub } from "../urls";

/** A fault that is noticed after a weekend is beyond the one day that AWS keeps unless told otherwise. */
export const rdsBackupRetention = resourcePolicy({
  name: "rds-backup-retention",
  description: "Databases keep their backups for a week or longer",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["RDS.11"], "nist-800-53r5": ["CP-9"] },
  remediation: "Set backupRetentionPeriod to 7 days or more.",
  url: securityHub("RDS.11"),
  types: DATABASES,
  config: { minDays: { type: "integer", description: "The fewest days that backups are kept", default: 7 } },
  check(database, report, config) {
    // A member or a replica is backed up with its cluster or its source.
    if (database.at("replicateSourceDb").isSet) report.notApplicable("a replica");
    const least = config.at("minDays").number() ?? 7;
    report.expect(database.at("backupRetentionPeriod"), (days) => (days.number() ?? 1) >= least);
  },
});
