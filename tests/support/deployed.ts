import path from "node:path";
import { projectName, stackConfig } from "../../cli/stack-config";
import { loadStacks, type StackFiles, type StackSpec } from "../../config";
import { buildFunctions } from "../../functions/build";
import { runInProcess, type DocumentResource, type RunOptions, type RunResult } from "../../offline/in-process";
import { fixtureStacks, root, testProject } from "./project";

/** One stack as it would be deployed: every id, ARN and document known. */
export interface DeployedStack {
  readonly spec: StackSpec;
  readonly resources: readonly DocumentResource[];
}

type Run = (folder: string, spec: StackSpec, options: RunOptions) => Promise<RunResult>;

/** Runs the program of a project's folder for one of its stacks. */
const run: Run = (folder, _spec, options) =>
  runInProcess(
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- index.ts reads the configuration when it is loaded, so not before the run
    () => (require(path.join(folder, "index.ts")) as () => unknown)(),
    { ...options, root: folder },
  );

/**
 * Runs every stack of a project, platforms first, for the facts that others take from them: as
 * deployed, or as a preview shows them.
 */
async function runAll(folder: string, preview: boolean, runOnce: Run): Promise<readonly DeployedStack[]> {
  const project = projectName(folder);
  const specs = [...loadStacks(folder)].sort(
    (a, b) => Number(a.department !== undefined) - Number(b.department !== undefined),
  );
  const references: Record<string, RunResult["rawOutputs"]> = {};
  const stacks: DeployedStack[] = [];
  for (const spec of specs) {
    const { stack } = spec;
    const config = stackConfig(folder, project, stack);
    const deployed = { ...config, "cline:offline": "true" };
    const common = { stack, project, references };
    const isShared = specs.some(({ sharedFrom }) => sharedFrom === stack);
    if (!preview || isShared) {
      const { resources, rawOutputs } = await runOnce(folder, spec, { ...common, preview: false, config: deployed });
      references[`organization/${project}/${stack}`] = rawOutputs;
      if (!preview) stacks.push({ spec, resources });
    }
    if (preview) stacks.push({ spec, resources: (await runOnce(folder, spec, { ...common, config })).resources });
  }
  return stacks;
}

async function runFiles(files: StackFiles, preview: boolean, runOnce: Run): Promise<readonly DeployedStack[]> {
  buildFunctions(root);
  const project = testProject(files);
  try {
    return await runAll(project.root, preview, runOnce);
  } finally {
    project.remove();
  }
}

/** Stacks as deployed, of files as text by file name. The program is the repository's. */
export const deployFiles = (files: StackFiles): Promise<readonly DeployedStack[]> => runFiles(files, false, run);

let fixtures: Promise<readonly DeployedStack[]> | undefined;

/** The fixture stacks as deployed; run once for all tests of a process. */
export const fixturesDeployed = (): Promise<readonly DeployedStack[]> => (fixtures ??= deployFiles(fixtureStacks()));

const previews = new Map<string, Promise<RunResult>>();

/**
 * Stacks as a preview shows them. A stack of the same spec, configuration and facts is run once:
 * its `resources` are the same object.
 */
export const previewFiles = (files: StackFiles): Promise<readonly DeployedStack[]> =>
  runFiles(files, true, (folder, spec, options) => {
    const key = JSON.stringify([spec, options]);
    const known = previews.get(key) ?? run(folder, spec, options);
    previews.set(key, known);
    return known;
  });
