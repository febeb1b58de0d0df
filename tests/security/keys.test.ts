import assert from "node:assert/strict";
import path from "node:path";
import { keyProperties } from "../../cli/keys";
import { planKeyUses, renderKeyUses, unkeyed, type KeyUse, type StackReport } from "../../reports";
import { fixturesDeployed, type DeployedStack } from "../support/deployed";
import { variant, variants } from "./variants";

const properties = keyProperties(path.join(__dirname, "../.."));
const reports = (stacks: readonly DeployedStack[]): readonly StackReport[] =>
  stacks.map(({ spec, resources }) => ({
    stack: spec.stack,
    resources: resources.map(({ urn, type, name, inputs, outputs }) => ({
      urn,
      type,
      name,
      parent: "",
      inputs,
      outputs,
    })),
    outputs: {},
    violations: [],
    passed: {},
  }));
const usesOf = (stacks: readonly DeployedStack[]): readonly KeyUse[] => planKeyUses(reports(stacks), properties);

/** Purposes of keys by what they encrypt; whatever is not named is data. */
const purposes: readonly (readonly [RegExp, string])[] = [
  [/^aws:cloudwatch\/logGroup|^aws:cloudtrail/, "logs"],
  [/^aws:secretsmanager|masterUserSecretKmsKeyId$/, "secrets"],
];

describe("which key encrypts what", () => {
  for (const [name, stacks] of [
    ["the fixture stacks", fixturesDeployed],
    ...variants.map((each) => [each, () => variant(each)] as const),
  ] as const) {
    it(`leaves nothing over in ${name}`, async () => {
      const uses = usesOf(await stacks());
      assert.deepEqual(unkeyed(uses), []);
      assert.ok(uses.length > 100, String(uses.length));
    });
  }

  it("names a key of the resource's own stack, for its purpose", async () => {
    for (const { stack, resource, type, property, key } of usesOf(await fixturesDeployed())) {
      if (key === undefined) continue;
      const place = `${type} ${property}`;
      const purpose = purposes.find(([pattern]) => pattern.test(place))?.[1] ?? "data";
      const allowed = type.startsWith("aws:s3/") ? [purpose, "logs"] : [purpose];
      assert.ok(
        allowed.some((each) => key === `alias/cline/example/${stack}/${each}`),
        `${stack} ${resource} ${place}: ${key}`,
      );
    }
  });

  it("shows what is left over", async () => {
    const stacks = await fixturesDeployed();
    const spoiled = stacks.map((stack) => ({
      ...stack,
      resources: stack.resources.map((resource) =>
        resource.name === "tanaka-home"
          ? { ...resource, inputs: { ...resource.inputs, kmsKeyId: undefined } }
          : resource,
      ),
    }));
    assert.deepEqual(
      unkeyed(usesOf(spoiled)).map(({ resource, property }) => [resource, property]),
      [["tanaka-home", "kmsKeyId"]],
    );
    assert.match(renderKeyUses(usesOf(spoiled)), /1 left over[^]*## Left over: no key[^]*tanaka-home/);
  });

  it("reads as a table for each key", async () => {
    const text = renderKeyUses(usesOf(await fixturesDeployed()));
    assert.match(text, /none left over/);
    assert.match(text, /## alias\/cline\/example\/engineering\/data\n\n\| encrypts \| property \| resources \|/);
    assert.match(text, /`ebs Volume`|`Volume`/);
  });
});
