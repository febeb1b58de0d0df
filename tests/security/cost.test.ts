import assert from "node:assert/strict";
import { costOf } from "../../cli/costed";
import { fixturesDeployed, previewFiles } from "../support/deployed";
import { fixtureStacks } from "../support/project";
import { everyAccount } from "./variants";

describe("security: the cost of every shape of stack", () => {
  it("prices each resource, or says why it is free", async () => {
    const stacks = (await everyAccount()).flat();
    assert.ok(stacks.length > 15);
    const unknown = stacks.flatMap(({ spec, resources }) =>
      costOf(
        spec,
        resources.map(({ raw }) => raw),
      ).unknown.map((each) => `${spec.stack}: ${JSON.stringify(each)}`),
    );
    assert.deepEqual(unknown, []);
  });

  it("is the same in a preview, whose ids are unknown, as after the deployment", async () => {
    const sums = (stacks: Awaited<ReturnType<typeof previewFiles>>) =>
      stacks.map(({ spec, resources }) => {
        const { lines, ...cost } = costOf(
          spec,
          resources.map(({ raw }) => raw),
        );
        assert.ok(lines.length > 3, spec.stack);
        return { stack: spec.stack, ...cost };
      });
    assert.deepEqual(sums(await previewFiles(fixtureStacks())), sums(await fixturesDeployed()));
  });
});
