import { departmentConfig, fileText, merged, platformConfig, type Config } from "../support/specs";
import { deployFiles, type DeployedStack } from "../support/deployed";

const files = (platform: Config, department: Config): Readonly<Record<string, string>> => ({
  "Pulumi.platform.yaml": fileText(merged(platformConfig, platform)),
  "Pulumi.engineering.yaml": fileText(merged(departmentConfig, department)),
});

/** Choices of the stack files that make other networks, roles or keys than the fixture files do. */
const choices: Readonly<Record<string, readonly [Config, Config]>> = {
  "an account of its own that pays the bill, a domain, three zones": [
    {
      "cline:platform": { account: "dedicated", domain: "cline.example.com", billing: { accountId: "111122223333" } },
      "cline:network": { zones: 3 },
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
    },
  ],
  "sources of code": [{}, { "cline:department": { workspace: { sources: ["codecommit"] } } }],
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
