import { resourcePolicy } from "../../frame/policy";
import { DATABASES } from "../types";
import { securityHub } from "../urls";
import { set } from "../remedy";

/** The engines that know IAM authentication. */
const ENGINES = /^(?:aurora|mysql|mariadb|postgres)/;

/** A token that lives for 15 minutes instead of a password that nobody rotates. */
export const rdsIamAuth = resourcePolicy({
  name: "rds-iam-auth",
  description: "Databases accept IAM authentication",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["RDS.10", "RDS.12"],
    "nist-800-53r5": ["IA-2"],
    checkov: ["CKV_AWS_161", "CKV_AWS_162"],
    trivy: ["AWS-0176", "AWS-0177"],
    "cdk-nag": ["RDS6"],
  },
  remediation: "Set iamDatabaseAuthenticationEnabled to true and let clients connect with tokens.",
  url: securityHub("RDS.10"),
  types: DATABASES,
  check(database, report) {
    const engine = database.at("engine");
    const enabled = database.at("iamDatabaseAuthenticationEnabled");
    report.expect(enabled, () => enabled.flag() === true || (engine.isSet && !ENGINES.test(engine.text() ?? "")));
  },
  remediate(inputs) {
    const engine = inputs["engine"];
    const knows = typeof engine !== "string" || ENGINES.test(engine);
    return knows && set(inputs, { iamDatabaseAuthenticationEnabled: true });
  },
});
