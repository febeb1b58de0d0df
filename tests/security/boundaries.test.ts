import assert from "node:assert/strict";
import { fixturesDeployed } from "../support/deployed";
import { listed } from "../support/resources";
import { byAccount, variant, variants } from "./variants";
import { worldOf, type Held, type World } from "./world";

const pattern = (glob: string) =>
  new RegExp(`^${glob.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("\\*", ".*")}$`, "i");
/** The program's roles: the bootstrap's boundary takes rights away from whatever its roles' policies give. */
const bounded = ({ roles }: World) =>
  [...roles.values()].filter(({ boundary }) => !boundary.at.includes(" bootstrap "));
const actionsOf = ({ document }: Held): readonly string[] =>
  document.Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => listed(Action));

describe("permission boundaries", () => {
  let world: World;
  before(async () => {
    world = worldOf(await fixturesDeployed());
  });

  const everyNeed = (of: World): void => {
    for (const { name, policies, boundary } of bounded(of)) {
      const held = actionsOf(boundary).map(pattern);
      const missing = policies.flatMap(actionsOf).filter((action) => !held.some((glob) => glob.test(action)));
      assert.deepEqual(missing, [], `${name} needs what ${boundary.at} does not hold`);
    }
  };

  it("hold every action that a role within them needs", () => everyNeed(world));
  for (const name of variants) {
    it(`hold it with ${name}`, async () =>
      byAccount(await variant(name)).forEach((stacks) => everyNeed(worldOf(stacks))));
  }

  it("hold nothing that no role within them needs", () => {
    const needed = new Map<Held, string[]>();
    for (const { policies, boundary } of bounded(world)) {
      needed.set(boundary, [...(needed.get(boundary) ?? []), ...policies.flatMap(actionsOf)]);
    }
    // The gateway's boundary is the workloads' with models: what one of them needs, both hold.
    const workloads = [...needed].filter(([{ at }]) => !at.endsWith("human")).flatMap(([, actions]) => actions);
    for (const [boundary, own] of needed) {
      const actions = boundary.at.endsWith("human") ? own : workloads;
      const idle = actionsOf(boundary).filter((glob) => !actions.some((action) => pattern(glob).test(action)));
      assert.deepEqual(idle, [], `${boundary.at} holds what nobody needs`);
    }
  });

  it("are never one with models, but for the gateway's tasks and for what Bedrock does in a batch's name", () => {
    const withModels = bounded(world).filter(({ boundary }) =>
      actionsOf(boundary).some((action) => action.startsWith("bedrock:InvokeModel")),
    );
    assert.deepEqual(withModels.map(({ name }) => name).sort(), [
      "example-platform-bedrock-batch",
      "example-platform-gateway-task",
    ]);
  });

  it("name no action with a wildcard for a whole service", () => {
    for (const { boundary } of bounded(world)) {
      for (const action of actionsOf(boundary)) assert.doesNotMatch(action, /^\*$|:\*$/);
    }
  });
});
