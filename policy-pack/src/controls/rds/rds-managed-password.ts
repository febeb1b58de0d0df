import { resourcePolicy } from "../../frame/policy";
import { DATABASES } from "../types";

/** A password in the program is in its state, its history and everyone's editor; RDS can keep it where nobody reads it. */
export const rdsManagedPassword = resourcePolicy({
  name: "rds-managed-password",
  description: "The master password of a database is made and rotated by RDS",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["IA-5"] },
  remediation:
    "Set manageMasterUserPassword to true with masterUserSecretKmsKeyId, and remove password or masterPassword.",
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html",
  types: DATABASES,
  check(database, report) {
    const copies = [
      "replicateSourceDb",
      "snapshotIdentifier",
      "replicationSourceIdentifier",
      "globalClusterIdentifier",
      "restoreToPointInTime",
    ];
    const isCopy = copies.some((key) => database.at(key).isSet);
    const given = ["password", "masterPassword", "passwordWo", "masterPasswordWo"].filter(
      (key) => database.at(key).isSet,
    );
    for (const key of given) report.violation(`${key} is set`);
    if (given.length === 0 && !isCopy) {
      report.expect(database.at("manageMasterUserPassword"), (managed) => managed.flag() === true);
    }
  },
});
