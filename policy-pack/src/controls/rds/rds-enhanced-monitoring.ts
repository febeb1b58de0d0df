import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** The operating system's own numbers, which tell a slow query from a full disk. */
export const rdsEnhancedMonitoring = resourcePolicy({
  name: "rds-enhanced-monitoring",
  description: "Databases report the metrics of their operating system",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["RDS.6"], "nist-800-53r5": ["CA-7"], checkov: ["CKV_AWS_118"] },
  remediation: "Set monitoringInterval to 1, 5, 10, 15, 30 or 60 seconds, with a monitoringRoleArn.",
  url: securityHub("RDS.6"),
  types: ["aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"],
  check(database, report) {
    report.expect(database.at("monitoringInterval"), (interval) => (interval.number() ?? 0) > 0);
  },
});
