import { resourcePolicy } from "../../frame/policy";
import { DATABASES } from "../types";
import { securityHub } from "../urls";
import { set } from "../remedy";

/** One wrong line in a program deletes a resource; this makes it two. */
export const rdsDeletionProtection = resourcePolicy({
  name: "rds-deletion-protection",
  description: "Databases are protected from deletion",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["RDS.7", "RDS.8"],
    "nist-800-53r5": ["CP-10"],
    checkov: ["CKV_AWS_293", "CKV_AWS_139"],
    trivy: ["AWS-0343"],
    "cdk-nag": ["RDS10"],
  },
  remediation: "Set deletionProtection to true.",
  url: securityHub("RDS.8"),
  types: DATABASES,
  check(database, report) {
    report.expect(database.at("deletionProtection"), (protection) => protection.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, { deletionProtection: true });
  },
});
