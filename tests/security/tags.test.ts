import assert from "node:assert/strict";
import { fixturesDeployed } from "../support/deployed";
import { ruleOf, tagFaults } from "./tags";
import { variant, variants } from "./variants";

/** Tags that every other service takes, and the one that refuses them in the middle of an `up`. */
const spoiled: readonly (readonly [type: string, what: string, tags: Readonly<Record<string, string>>, RegExp])[] = [
  ["aws:bedrock/inferenceProfile:InferenceProfile", "letters beyond ASCII", { CostCenter: "開発部" }, /開発部/],
  ["aws:dlm/lifecyclePolicy:LifecyclePolicy", "a key beyond ASCII", { 部門: "x" }, /部門/],
  ["aws:codebuild/project:Project", "256 characters", { CostCenter: "x".repeat(256) }, /256 characters, 0 to 255/],
  ["aws:cloudtrail/trail:Trail", "an empty value", { CostCenter: "" }, /0 characters, 1 to 256/],
  ["aws:route53/zone:Zone", "eleven tags", many(11), /11 tags of 10/],
  ["aws:s3/bucketObject:BucketObject", "eleven tags", many(11), /11 tags of 10/],
];

function many(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`Tag${at}`, "x"]));
}

const of = (type: string, tags: object) => tagFaults({ urn: type, type, inputs: { tags } }).faults;

describe("every tag of every resource", () => {
  for (const [name, stacks] of [
    ["the usual stacks", fixturesDeployed],
    ...variants.map((each) => [each, () => variant(each)] as const),
  ] as const) {
    it(`is one that its service takes: ${name}`, async () => {
      const judged = (await stacks()).flatMap(({ resources }) => resources.map(tagFaults));
      assert.deepEqual(
        judged.flatMap(({ faults }) => faults),
        [],
      );
      assert.ok(judged.reduce((sum, { read }) => sum + read, 0) > 400);
    });
  }

  for (const [type, what, tags, fault] of spoiled) {
    it(`is refused where ${type} takes no such thing: ${what}`, () => {
      assert.match(of(type, tags).join("\n"), fault);
      assert.deepEqual(of("aws:kms/key:Key", tags), [], "the general rule takes it");
    });
  }

  it("keeps the rule of all services: 128 and 256 characters, 50 tags, nothing of AWS's", () => {
    const key = "aws:kms/key:Key";
    for (const tags of [{ ["x".repeat(129)]: "" }, { x: "x".repeat(257) }, many(51), { "aws:x": "x" }, { x: "a#b" }])
      assert.equal(of(key, tags).length > 0, true, JSON.stringify(tags));
    assert.deepEqual(of(key, { ["x".repeat(128)]: "x".repeat(256), ...many(49) }), []);
  });

  it("has a rule for its type, or is a fault; volumes inside an instance count", () => {
    assert.equal(ruleOf("aws:nothing/here:Here"), undefined);
    assert.match(of("aws:nothing/here:Here", { a: "b" }).join(), /no rule of the tags/);
    const type = "aws:ec2/instance:Instance";
    const inputs = { rootBlockDevice: { tags: { x: "a#b" } } };
    assert.equal(tagFaults({ urn: type, type, inputs }).faults.length, 1);
  });
});
