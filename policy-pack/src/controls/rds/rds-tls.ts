import { stackPolicy } from "../../frame/policy";
import type { Report } from "../../frame/report";
import { Undeterminable } from "../../frame/value";
import type { ResourceView } from "../../frame/view";
import { DATABASES } from "../types";
import { securityHub } from "../urls";

/** The parameter by which each engine family demands TLS, and the values that do. */
const DEMANDS: readonly (readonly [family: RegExp, parameter: string, values: readonly string[]])[] = [
  [/^(?:aurora-)?postgres|^sqlserver/, "rds.force_ssl", ["1"]],
  [/^(?:aurora-)?mysql|^mariadb/, "require_secure_transport", ["1", "on"]],
  [/db2/, "db2comm", ["ssl"]],
];

const GROUPS = ["aws:rds/parameterGroup:ParameterGroup", "aws:rds/clusterParameterGroup:ClusterParameterGroup"];
const REFERENCES = ["parameterGroupName", "dbClusterParameterGroupName"];

/** A server that merely offers TLS lets a client, or someone in between, choose to do without. */
export const rdsTls = stackPolicy({
  name: "rds-tls",
  description: "Databases refuse connections without TLS",
  severity: "high",
  level: "mandatory",
  controls: { fsbp: ["RDS.38"], "nist-800-53r5": ["SC-8"], checkov: ["CKV2_AWS_69"] },
  remediation:
    "Give the database a parameter group with rds.force_ssl=1 (PostgreSQL, SQL Server), require_secure_transport=1 (MySQL, MariaDB) or db2comm=SSL (Db2).",
  url: securityHub("RDS.38"),
  types: GROUPS,
  checkStack(stack, report) {
    const groups = stack.ofType(...GROUPS);
    report.eachResource(stack.ofType(...DATABASES), (database) => {
      const own = groups.filter((group) => REFERENCES.some((key) => stack.refers(database, key, group)));
      for (const group of own) report.guard(() => judge(group, report));
    });
  },
});

function judge(group: ResourceView, report: Report): void {
  const family = group.at("family").text() ?? "";
  const [, parameter, values] = DEMANDS.find(([engine]) => engine.test(family)) ?? [];
  if (parameter === undefined || values === undefined) return;
  let unknown: Undeterminable | undefined;
  for (const setting of group.at("parameters").items()) {
    try {
      if (setting.at("name").text()?.toLowerCase() !== parameter) continue;
      if (values.includes(setting.at("value").text()?.toLowerCase() ?? "")) return;
    } catch (error) {
      if (!(error instanceof Undeterminable)) throw error;
      unknown ??= error;
    }
  }
  if (unknown) throw unknown;
  report.violation(`its parameter group ${group.name} does not set ${parameter} to ${values[0] ?? ""}`);
}
