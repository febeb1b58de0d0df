import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** A second zone costs as much again: right for a database that many wait for, not for a trial. */
export const rdsMultiAz = resourcePolicy({
  name: "rds-multi-az",
  description: "Database instances have a standby in another zone",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["RDS.5"], "nist-800-53r5": ["CP-10"], checkov: ["CKV_AWS_157"], "cdk-nag": ["RDS3"] },
  remediation: "Set multiAz to true.",
  url: securityHub("RDS.5"),
  types: ["aws:rds/instance:Instance"],
  check(database, report) {
    if (database.at("replicateSourceDb").isSet) report.notApplicable("a replica");
    report.expect(database.at("multiAz"), (multiAz) => multiAz.flag() === true);
  },
});
