import { stringify } from "yaml";

/** Developers of each department of the example. */
export const departmentSize = 10;

const people = (department: string): Record<string, object> =>
  Object.fromEntries(Array.from({ length: departmentSize }, (_, at) => [`${department}-${at}`, {}]));

const platform = {
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
    },
  },
  "cline:network": { cidr: "10.64.0.0/16" },
  "cline:gateway": {},
  "cline:observability": {},
  "cline:images": {},
};

const department = (name: string): object => ({
  "aws:region": "ap-northeast-1",
  "cline:sharedFrom": "platform",
  "cline:department": { lead: "sato", developers: people(name) },
});

const alone = {
  ...department("alone"),
  "cline:department": { lead: "kato", developers: people("alone") },
  "cline:network": { cidr: "10.80.0.0/20" },
  "cline:gateway": {},
  "cline:observability": {},
};

/**
 * The stack files of the example, file name → text: a platform, and a department of ten developers
 * that shares from it, and one that stands alone. Departments are alike, so that any number of them
 * costs that many times one.
 */
export const organization: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ platform, shared: department("shared"), alone }).map(([stack, config]) => [
    `Pulumi.${stack}.yaml`,
    stringify({ config }),
  ]),
);
