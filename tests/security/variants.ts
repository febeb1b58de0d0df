import { departmentConfig, fileText, merged, platformConfig, type Config } from "../support/specs";
import { deployFiles, fixturesDeployed, type DeployedStack } from "../support/deployed";

/** Without it the gateway's role would hold less than its row says. */
const guarded: Config = {
  "cline:platform": { caps: { engineering: { guardrail: { id: "gr1abc2def3g", version: 3 } } } },
};

const files = (platform: Config, department: Config): Readonly<Record<string, string>> => ({
  "Pulumi.platform.yaml": fileText(merged(merged(platformConfig, guarded), platform)),
  "Pulumi.engineering.yaml": fileText(merged(departmentConfig, department)),
});

/** Choices of the stack files that make other networks, roles or keys than the fixture files do. */
const choices: Readonly<Record<string, readonly [Config, Config]>> = {
  "an account of its own that pays the bill, a domain, a zone added": [
    {
      "cline:platform": { account: "dedicated", domain: "cline.example.com", billing: { accountId: "111122223333" } },
      "cline:network": { zones: 3, addedCidr: "10.66.0.0/20" },
    },
    {},
  ],
  "a department with a network of its own": [{}, { "cline:network": { cidr: "10.65.0.0/20", zones: 2 } }],
  "a department that stands alone": [
    {},
    {
      "cline:network": { cidr: "10.65.0.0/20", zones: 2 },
      "cline:gateway": { minTasks: 2, maxTasks: 4 },
      "cline:observability": { logRetentionDays: 365 },
      "cline:images": {
        gateway: `v1.99.0@sha256:${"a1".repeat(32)}`,
        clickHouse: `26.3@sha256:${"b2".repeat(32)}`,
      },
    },
  ],
  "a department in an account of its own": [
    {},
    {
      "aws:allowedAccountIds": ["444455556666"],
      "cline:network": { cidr: "10.65.0.0/20", zones: 2 },
      "cline:gateway": { minTasks: 2, maxTasks: 4 },
      "cline:observability": { logRetentionDays: 365 },
    },
  ],
  "IAM users, models of Asia": [{ "cline:platform": { mfaMode: "iam-user", residency: "apac" } }, {}],
  "IAM Identity Center, models anywhere": [
    {
      "cline:platform": {
        mfaMode: "identity-center",
        residency: "global",
        mfaAttestation: { by: "abe", until: "2027-12-31" },
      },
    },
    {},
  ],
  embeddings: [{ "cline:gateway": { extras: ["embeddings", "messages"] } }, {}],
  "sources of code": [{}, { "cline:department": { workspace: { sources: ["codecommit"] } } }],
  "hosts of the company's own": [
    { "cline:observability": { clickHouseUrl: "https://clickhouse.cline.example.com:8443" } },
    {
      "cline:department": {
        workspace: { sources: ["com.amazonaws.vpce.ap-northeast-1.vpce-svc-0a1b2c3d4e5f60718"] },
        sourceHosts: {
          "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0a1b2c3d4e5f60718": ["git.cline.example.com"],
        },
      },
    },
  ],
};

const made = new Map<string, Promise<readonly DeployedStack[]>>();

export const variants = Object.keys(choices);

/** The stacks of a variant as deployed; run once for all tests of a process. */
export function variant(name: string): Promise<readonly DeployedStack[]> {
  const choice = choices[name];
  if (choice === undefined) throw new Error(`no variant ${name}`);
  const run = made.get(name) ?? deployFiles(files(...choice));
  made.set(name, run);
  return run;
}

/** Stacks of one account each: names of roles are unique within one. */
export const byAccount = (stacks: readonly DeployedStack[]): readonly (readonly DeployedStack[])[] =>
  [...new Set(stacks.map(({ spec }) => spec.accountId))].map((account) =>
    stacks.filter(({ spec }) => spec.accountId === account),
  );

/** Every shape of stack, an account each: the fixtures and all variants. */
export const everyAccount = async (): Promise<readonly (readonly DeployedStack[])[]> =>
  (await Promise.all([fixturesDeployed(), ...variants.map(variant)])).flatMap(byAccount);
