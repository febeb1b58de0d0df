import { resourcePolicy } from "../../frame/policy";
import { DATABASES } from "../types";
import { securityHub } from "../urls";

/** Without exported logs, slow queries, failed logins and errors end with the instance. */
export const rdsLogging = resourcePolicy({
  name: "rds-logging",
  description: "Databases send their logs to CloudWatch",
  severity: "low",
  level: "advisory",
  controls: {
    fsbp: ["RDS.9", "RDS.36", "RDS.37"],
    "nist-800-53r5": ["AU-2"],
    checkov: ["CKV_AWS_129", "CKV_AWS_324"],
    "cdk-nag": ["R5-RDSLoggingEnabled"],
  },
  remediation: 'Name the engine\'s logs in enabledCloudwatchLogsExports, such as ["postgresql"].',
  url: securityHub("RDS.36"),
  types: DATABASES,
  check(database, report) {
    const logs = database.at("enabledCloudwatchLogsExports");
    report.expect(logs, () => logs.items().length > 0, "enabledCloudwatchLogsExports names no log");
  },
});
