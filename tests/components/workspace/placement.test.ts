import assert from "node:assert/strict";
import fc from "fast-check";
import { planZone } from "../../../components/workspace/placement";

const zones = fc.uniqueArray(fc.stringMatching(/^[a-z]{2}-[a-z]{4,9}-[1-3][a-d]$/), { minLength: 2, maxLength: 3 });
const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);

describe("planZone", () => {
  it("names the same zone for life, whatever the order of the zones", () => {
    fc.assert(
      fc.property(id, zones, (developer, list) => {
        const turned = [...list].reverse();
        assert.equal(list[planZone(developer, list)], turned[planZone(developer, turned)]);
      }),
    );
  });

  it("moves nobody but to a zone that is new", () => {
    fc.assert(
      fc.property(id, zones, (developer, list) => {
        const [added, ...before] = list;
        if (before.length === 0) return;
        const after = list[planZone(developer, list)];
        if (after !== added) assert.equal(before[planZone(developer, before)], after);
      }),
    );
  });

  it("spreads people evenly", () => {
    const list = ["ap-northeast-1a", "ap-northeast-1c"];
    const first = Array.from({ length: 1000 }, (_, i) => planZone(`developer-${String(i)}`, list)).filter(
      (z) => z === 0,
    );
    assert.ok(first.length > 430 && first.length < 570, String(first.length));
  });
});
