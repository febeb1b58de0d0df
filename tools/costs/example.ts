import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { copyBase } from "../../cli/base";
import { costOf } from "../../cli/costed";
import { runStacks } from "../../cli/plan";
import type { StackCost } from "../../reports";
import { organization } from "./organization";

/** Costs of the example's three stacks, and of the platform's gateway within its stack. */
export interface ExampleCosts {
  readonly platform: StackCost;
  readonly shared: StackCost;
  readonly alone: StackCost;
  readonly gateway: StackCost;
}

/** Plans the example with the program of a folder, and estimates it. */
export async function exampleCosts(root: string): Promise<ExampleCosts> {
  const folder = mkdtempSync(path.join(tmpdir(), "cline-costs-"));
  try {
    mkdirSync(path.join(folder, "stacks"));
    for (const [name, text] of Object.entries(organization)) writeFileSync(path.join(folder, "stacks", name), text);
    const copy = copyBase(root, folder);
    try {
      const runs = await runStacks({ root: copy.folder, stacks: [], asDeployed: true, progress: () => undefined });
      const costs = (stack: string, part = ""): StackCost => {
        const found = runs.find(({ spec }) => spec.stack === stack);
        if (found === undefined) throw new Error(`the example has no stack ${stack}`);
        return costOf(
          found.spec,
          found.run.resources.filter(({ urn }) => urn.includes(part)),
        );
      };
      return {
        platform: costs("platform"),
        shared: costs("shared"),
        alone: costs("alone"),
        gateway: costs("platform", "cline:gateway:GatewayCluster"),
      };
    } finally {
      copy.remove();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
