import { stringify } from "yaml";
import { loadStackFile, type StackSpec } from "../../config";

/**
 * Part of a stack file's `config`; mappings are merged into the fixture's, everything else replaces
 * it, `undefined` removes.
 */
export type Config = Readonly<Record<string, unknown>>;

/** A small valid platform file's `config`. */
export const platformConfig: Config = {
  "aws:region": "ap-northeast-1",
  "aws:allowedAccountIds": ["111122223333"],
  "cline:platform": {
    organization: "example",
    monthlyBudgetUsd: 8000,
    alertEmails: ["cloud-cost@example.com"],
    residency: "jp",
    mfaMode: "assume-role",
    operators: ["mori"],
    auditors: ["abe"],
    caps: {
      default: { monthlyBudgetUsd: 1000, tpm: 200000, rpm: 300, models: ["light", "standard"], priority: "normal" },
      engineering: {
        monthlyBudgetUsd: 4000,
        tpm: 1000000,
        rpm: 1500,
        models: ["light", "standard", "strong"],
        priority: "high",
      },
    },
  },
  "cline:network": { cidr: "10.64.0.0/16", zones: 2 },
  "cline:gateway": { minTasks: 2, maxTasks: 8 },
  "cline:observability": { logRetentionDays: 365 },
  "cline:images": { workspaceAmi: "ami-0123456789abcdef0", gateway: `sha256:${"9f".repeat(32)}` },
};

/** A small valid department file's `config`: a lead and two developers. */
export const departmentConfig: Config = {
  "aws:region": "ap-northeast-1",
  "cline:sharedFrom": "platform",
  "cline:department": {
    lead: "sato",
    costCenter: "CC-1042",
    monthlyBudgetUsd: 3000,
    alertEmails: ["sato@example.com"],
    developers: { tanaka: {}, suzuki: { monthlyBudgetUsd: 300, models: ["light", "standard"] } },
  },
};

/** `over` laid over `base`, mapping by mapping. */
export function merged(base: Config, over: Config): Config {
  const isMap = (value: unknown): value is Config =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = [...new Set([...Object.keys(base), ...Object.keys(over)])].map((key): [string, unknown] => {
    if (!(key in over)) return [key, base[key]];
    const [below, above] = [base[key], over[key]];
    return [key, isMap(below) && isMap(above) ? merged(below, above) : above];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** A stack file's text. */
export const fileText = (config: Config): string =>
  stringify({ config }, { aliasDuplicateObjects: false, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });

/**
 * The platform `platform`, through the real loader. @throws StackFilesError when the overrides are
 * at fault.
 */
export function platformSpec(overrides: Config = {}): StackSpec {
  return loadStackFile({ "Pulumi.platform.yaml": fileText(merged(platformConfig, overrides)) }, "platform");
}

/**
 * The department `engineering` and its platform, through the real loader. @throws StackFilesError
 * when the overrides are at fault.
 */
export function departmentSpec(overrides: Config = {}, platformOverrides: Config = {}): StackSpec {
  const files = {
    "Pulumi.platform.yaml": fileText(merged(platformConfig, platformOverrides)),
    "Pulumi.engineering.yaml": fileText(merged(departmentConfig, overrides)),
  };
  return loadStackFile(files, "engineering");
}
