import assert from "node:assert/strict";
import { planTouched } from "../../../cli/changes/touched";
import { baseConfigs, changed, sideOf } from "./sides";

const base = sideOf(baseConfigs);
const touched = (overrides: Parameters<typeof changed>[0], program: readonly string[] = []) =>
  planTouched(base, sideOf(changed(overrides)), program);

describe("cli: which stacks a change can touch", () => {
  it("is the department whose file changes, and says which are left out", () => {
    const { stacks, leftOut, reason } = touched({ design: { "cline:department": { lead: "ono" } } });
    assert.deepEqual([stacks, leftOut], [["design"], ["engineering", "platform"]]);
    assert.match(reason, /^Previewed: design\. Left out: engineering and platform, since/);
  });

  it("is every stack that shares from a platform whose file changes", () => {
    const { stacks } = touched({ platform: { "cline:gateway": { maxTasks: 9 } } });
    assert.deepEqual(stacks, ["design", "engineering", "platform"]);
  });

  it("is the platform too when a department's own network needs something of it", () => {
    const { stacks } = touched({ design: { "cline:network": { cidr: "10.1.0.0/20" } } });
    assert.deepEqual(stacks, ["design", "engineering", "platform"]);
  });

  it("is a department that is new, or that is no longer there", () => {
    assert.deepEqual(touched({ design: undefined }).stacks, ["design"]);
    assert.deepEqual(planTouched(sideOf(changed({ design: undefined })), base, []).stacks, ["design"]);
  });

  it("is all when the program changes, and none when nothing does", () => {
    const all = touched({}, ["a.ts", "b.ts", "c.ts", "d.ts"]);
    assert.deepEqual(all.stacks, ["design", "engineering", "platform"]);
    assert.equal(all.reason, "All stacks are previewed: the change touches a.ts, b.ts, c.ts and 1 more file.");
    assert.deepEqual(touched({}).stacks, []);
  });
});
