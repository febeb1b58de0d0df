import assert from "node:assert/strict";
import { fixturesDeployed, type DeployedStack } from "../support/deployed";
import { Order } from "./order/graph";
import { needsOf } from "./order/needs";
import { startsOf } from "./order/starts";
import { variant, variants } from "./variants";

/** What starts before something that its code needs, one line each; and how many pairs were compared. */
function orderFaults(stacks: readonly DeployedStack[]): {
  readonly faults: readonly string[];
  readonly compared: number;
} {
  const everywhere = stacks.flatMap(({ resources }) => resources);
  const faults = new Set<string>();
  let compared = 0;
  for (const stack of stacks) {
    const order = new Order(stack.resources);
    for (const { at, runs } of startsOf(stack, stacks)) {
      const before = order.before(at.urn);
      for (const code of runs) {
        const { needs, gaps } = needsOf(stack.resources, everywhere, code);
        for (const gap of gaps) faults.add(`${stack.spec.stack} ${code.what}: ${gap}`);
        for (const { on, why } of needs) {
          compared += 1;
          if (on.urn !== at.urn && !before.has(on.urn))
            faults.add(
              `${stack.spec.stack} ${at.name} runs ${code.what} before ${on.name} (${on.type.split(":").at(-1)}): ${why}`,
            );
        }
      }
    }
  }
  return { faults: [...faults].sort(), compared };
}

describe("the order of a first deployment", () => {
  for (const [name, stacks] of [
    ["the usual stacks", fixturesDeployed],
    ...variants.map((each) => [each, () => variant(each)] as const),
  ] as const) {
    it(`starts nothing before what its calls need: ${name}`, async () => {
      const { faults, compared } = orderFaults(await stacks());
      assert.equal(faults.join("\n"), "");
      assert.ok(compared > 300, String(compared));
    });
  }
});
