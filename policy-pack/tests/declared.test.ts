import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { policies } from "../src/policies";
import { ALWAYS_BROKEN, SORTS } from "./declared";

describe("the cases of each policy", () => {
  const script = path.join(__dirname, "declared.ts");
  let declared: Readonly<Record<string, readonly string[]>> = {};

  before(() => {
    const { stdout, stderr } = spawnSync(process.execPath, ["-r", "tsx/cjs", script], { encoding: "utf8" });
    assert.notEqual(stdout, "", stderr);
    declared = JSON.parse(stdout) as typeof declared;
  });

  it("are compliant, spoiled, near misses and unknown", () => {
    const lacking = policies.flatMap(({ name }) => {
      const wanted = ALWAYS_BROKEN.includes(name) ? ["spoiled"] : SORTS;
      const missing = wanted.filter((sort) => declared[name]?.includes(sort) !== true);
      return missing.length === 0 ? [] : [`${name} has no case that is: ${missing.join(", ")}`];
    });
    assert.deepEqual(lacking, []);
  });

  it("are compliant for none of the policies that are always broken", () => {
    for (const name of ALWAYS_BROKEN) assert.deepEqual(declared[name], ["spoiled"]);
  });
});
