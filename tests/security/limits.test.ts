import assert from "node:assert/strict";
import fc from "fast-check";
import { filesOf, largestConfigs } from "../support/stack-files";
import { deployFiles, type DeployedStack } from "../support/deployed";

type Inputs = Readonly<Record<string, unknown>>;
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
/** IAM does not count white space. */
const bare = (value: unknown): number => textOf(value).replace(/\s/g, "").length;
const bytes = (value: unknown): number => Buffer.byteLength(textOf(value));

/** AWS's limits on one resource: what is measured, and the most it may be. */
const limits: readonly (readonly [type: string, what: string, most: number, measure: (inputs: Inputs) => number])[] = [
  ["aws:iam/policy:Policy", "characters of a managed policy", 6144, ({ policy }) => bare(policy)],
  ["aws:iam/rolePolicy:RolePolicy", "characters of a role's inline policies", 10240, ({ policy }) => bare(policy)],
  ["aws:iam/role:Role", "characters of a trust policy", 2048, ({ assumeRolePolicy }) => bare(assumeRolePolicy)],
  ["aws:iam/role:Role", "characters of a role's name", 64, ({ name }) => textOf(name).length],
  ["aws:ec2/vpcEndpoint:VpcEndpoint", "characters of an endpoint policy", 20480, ({ policy }) => textOf(policy).length],
  ["aws:kms/key:Key", "bytes of a key policy", 32768, ({ policy }) => bytes(policy)],
  ["aws:s3/bucketPolicy:BucketPolicy", "bytes of a bucket policy", 20480, ({ policy }) => bytes(policy)],
  ["aws:secretsmanager/secret:Secret", "characters of a secret's policy", 20480, ({ policy }) => textOf(policy).length],
  [
    "aws:ecs/taskDefinition:TaskDefinition",
    "bytes of containers",
    65536,
    ({ containerDefinitions }) => bytes(containerDefinitions),
  ],
  [
    "aws:lb/targetGroup:TargetGroup",
    "characters of a target group's name prefix",
    6,
    ({ namePrefix }) => textOf(namePrefix).length,
  ],
  ["aws:lb/loadBalancer:LoadBalancer", "characters of a load balancer's name", 32, ({ name }) => textOf(name).length],
  ["aws:ec2/instance:Instance", "bytes of user data", 16384, ({ userData }) => bytes(userData)],
  ["aws:ssm/document:Document", "bytes of a document", 65536, ({ content }) => bytes(content)],
];

/** What exceeds a limit, as `stack name: what, found of most`. */
function exceeded(stacks: readonly DeployedStack[]): readonly string[] {
  return stacks.flatMap(({ spec, resources }) =>
    resources.flatMap(({ type, name, inputs }) =>
      limits.flatMap(([of, what, most, measure]) =>
        of === type && measure(inputs) > most ? [`${spec.stack} ${name}: ${what}, ${measure(inputs)} of ${most}`] : [],
      ),
    ),
  );
}

const stacksOf = (departments: number, developers: number) =>
  deployFiles(filesOf(largestConfigs({ departments, developers: () => developers })));

describe("AWS's limits", () => {
  let largest: readonly DeployedStack[];
  before(async function () {
    this.timeout(600_000);
    largest = await stacksOf(20, 50);
  });

  it("hold for 1,000 developers in 20 departments, with the longest names", () => {
    assert.deepEqual(exceeded(largest), []);
  });

  it("are each measured: some resource has what the limit counts", () => {
    const resources = largest.flatMap((stack) => stack.resources);
    const idle = limits.filter(
      ([of, , , measure]) => !resources.some(({ type, inputs }) => type === of && measure(inputs) > 0),
    );
    assert.deepEqual(
      idle.map(([of, what]) => `${of}: ${what}`),
      [],
    );
  });

  it("hold for any number of departments and people", async () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 12 }));
    await fc.assert(
      fc.asyncProperty(sizes, async ([departments, developers]) => {
        assert.deepEqual(exceeded(await stacksOf(departments, developers)), []);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  }).timeout(600_000);

  it("are noticed where a document outgrows them, and where the account's roles do", () => {
    const platform = largest.find(({ spec }) => spec.department === undefined);
    assert.ok(platform);
    assert.ok(
      platform.spec.notes.some((note) => note.includes("Roles per account")),
      platform.spec.notes.join("\n"),
    );
    const spoiled = platform.resources.map((resource) =>
      resource.type === "aws:kms/key:Key"
        ? { ...resource, inputs: { ...resource.inputs, policy: "x".repeat(40_000) } }
        : resource,
    );
    assert.match(exceeded([{ ...platform, resources: spoiled }]).join("\n"), /bytes of a key policy, 40000 of 32768/);
  });
});
