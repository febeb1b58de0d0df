import { type Config, departmentConfig, fileText, merged } from "../../support/specs";

export const department = (over: Config): Config => ({ "cline:department": over });
export const developer = (over: unknown): Config => department({ developers: { suzuki: over } });
export const platform = (over: Config): Config => ({ "cline:platform": over });
export const extra = {
  department: "engineering",
  amountUsd: 500,
  reason: "migration",
  approvedBy: "mori",
  until: "2026-12-31",
};
export const alone = { "cline:network": { cidr: "10.80.0.0/20" }, "cline:gateway": {}, "cline:observability": {} };
export const text = (config: Config) => fileText(merged(departmentConfig, config));
