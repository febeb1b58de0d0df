import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { policies } from "../policy-pack/src/policies";
import { loadStacks } from "../config";

const root = path.resolve(__dirname, "..");

describe("policy-config.json", () => {
  it("gives every policy that asks for it the platform's MFA mode", () => {
    const platform = loadStacks(root).find(({ department }) => department === undefined)?.platform;
    const asking = policies.filter(({ config }) => config !== undefined && "mfaMode" in config).map(({ name }) => name);
    assert.ok(asking.length > 0 && platform !== undefined);
    assert.deepEqual(
      JSON.parse(readFileSync(path.join(root, "policy-config.json"), "utf8")),
      Object.fromEntries(asking.sort().map((name) => [name, { mfaMode: platform.mfaMode }])),
    );
  });
});
