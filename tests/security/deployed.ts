import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildFunctions } from "../../functions/build";
import { runInProcess, type DocumentResource } from "../../offline/in-process";
import { projectName, stackConfig } from "../../cli/stack-config";
import { loadStacks, type StackSpec } from "../../config";
import type { RawProps } from "../../offline/values";

/** One stack as it would stand in the account: every id, ARN and document known. */
export interface DeployedStack {
  readonly spec: StackSpec;
  readonly resources: readonly DocumentResource[];
}

type Program = () => Promise<Record<string, unknown>>;

/** Every stack of a project folder as deployed, platforms first. The folder holds index.ts beside `stacks/`. */
export async function deployAll(root: string): Promise<readonly DeployedStack[]> {
  const project = projectName(root);
  const specs = [...loadStacks(root)].sort(
    (a, b) => Number(a.department !== undefined) - Number(b.department !== undefined),
  );
  const references: Record<string, RawProps> = {};
  const deployed: DeployedStack[] = [];
  for (const spec of specs) {
    const run = await runInProcess(
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- index.ts reads the configuration when it is loaded, so not before the run
      () => (require(path.join(root, "index.ts")) as Program)(),
      {
        stack: spec.stack,
        project,
        preview: false,
        config: { ...stackConfig(root, project, spec.stack), "cline:offline": "true" },
        references,
        root,
      },
    );
    references[`organization/${project}/${spec.stack}`] = run.rawOutputs;
    deployed.push({ spec, resources: run.resources });
  }
  return deployed;
}

const root = path.join(__dirname, "../..");
let shipped: Promise<readonly DeployedStack[]> | undefined;

/** The shipped stacks as deployed; run once for all tests of a process. */
export function shippedStacks(): Promise<readonly DeployedStack[]> {
  buildFunctions(root);
  shipped ??= deployAll(root);
  return shipped;
}

/** Stacks of other files as deployed: file name → text. The program is the repository's. */
export async function deployFiles(files: Readonly<Record<string, string>>): Promise<readonly DeployedStack[]> {
  buildFunctions(root);
  const folder = mkdtempSync(path.join(tmpdir(), "cline-stacks-"));
  try {
    for (const file of ["index.ts", "compose.ts", "Pulumi.yaml"])
      copyFileSync(path.join(root, file), path.join(folder, file));
    for (const room of ["components", "functions", "node_modules", "config"]) {
      symlinkSync(path.join(root, room), path.join(folder, room));
    }
    mkdirSync(path.join(folder, "stacks"));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, "stacks", name), text);
    return await deployAll(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
