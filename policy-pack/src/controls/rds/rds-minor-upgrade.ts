import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { set } from "../remedy";

/** Minor versions bring security fixes; AWS installs them within the maintenance window. */
export const rdsMinorUpgrade = resourcePolicy({
  name: "rds-minor-upgrade",
  description: "Databases install minor versions by themselves",
  severity: "low",
  level: "advisory",
  controls: {
    fsbp: ["RDS.13", "RDS.35"],
    "cis-aws-3.0": ["2.3.2"],
    "nist-800-53r5": ["SI-2"],
    checkov: ["CKV_AWS_226"],
  },
  remediation: "Set autoMinorVersionUpgrade to true.",
  url: securityHub("RDS.13"),
  types: ["aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"],
  check(database, report) {
    report.expect(database.at("autoMinorVersionUpgrade"), (upgrade) => upgrade.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, { autoMinorVersionUpgrade: true });
  },
});
