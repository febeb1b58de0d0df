import assert from "node:assert/strict";
import { policyConfig, run } from "../../cli/policy-config";
import { UsageError } from "../../cli/usage";
import { policies } from "../../policy-pack/src/policies";
import { fixtureStacks, testProject } from "../support/project";
import { platformSpec } from "../support/specs";

type Settings = Readonly<Record<string, { readonly mfaMode: string } | { readonly invokers: readonly string[] }>>;
const settings = (overrides: Readonly<Record<string, unknown>>): Settings =>
  JSON.parse(policyConfig(platformSpec({ "cline:platform": overrides }))) as Settings;
const invoking = "bedrock-only-gateway-invokes";

describe("cli: the pack's settings for a stack", () => {
  it("are the platform's MFA mode, for every policy that asks for it", () => {
    const asking = policies.filter(({ config }) => config !== undefined && "mfaMode" in config).map(({ name }) => name);
    assert.notEqual(asking.length, 0);
    for (const mfaMode of ["assume-role", "iam-user"]) {
      const { [invoking]: _, ...byMode } = settings({ mfaMode });
      assert.deepEqual(byMode, Object.fromEntries(asking.sort().map((name) => [name, { mfaMode }])));
    }
  });

  it("name the roles and boundaries of the stack's gateway, each whole", () => {
    const names = ["platform-gateway-task", "platform-bedrock-batch", "boundary-gateway", "boundary-bedrock-batch"];
    const { platform } = platformSpec();
    assert.deepEqual(settings({})[invoking], { invokers: names.map((name) => `${platform.organization}-${name}`) });
    assert.ok(policies.find(({ name }) => name === invoking)?.config?.["invokers"]);
  });

  it("are refused for no stack, several, and one without a file", async () => {
    const project = testProject(fixtureStacks());
    const refusal = async (...args: readonly string[]) => {
      const error: unknown = await Promise.resolve()
        .then(() => run(args, project.root))
        .catch((fault: unknown) => fault);
      assert.ok(error instanceof UsageError);
      return error.message;
    };
    try {
      assert.match(await refusal(), /^STACK: found none; allowed one stack/);
      assert.match(await refusal("engineering", "platform"), /^STACK: found engineering, platform; allowed one stack/);
      assert.equal(await refusal("sales"), "no stack file for sales; there are data-science, engineering, platform");
    } finally {
      project.remove();
    }
  });
});
