import path from "node:path";
import { projectName, stackConfig } from "../cli/stack-config";
import type { Registered } from "../offline/monitor";
import { runProgram } from "../offline/run";
import type { RawProps } from "../offline/values";
import { benchProject } from "./project";

/** A platform and a department of 250 developers as deployed, `amount` resources of them (at most about 4,000). */
export async function deployedResources(amount: number): Promise<readonly Registered[]> {
  const bench = benchProject([250]);
  try {
    const project = projectName(bench.root);
    const references: Record<string, RawProps> = {};
    const resources: Registered[] = [];
    for (const stack of ["platform", "bench-250"]) {
      const run = await runProgram({
        program: path.join(bench.root, "index.ts"),
        root: bench.root,
        stack,
        project,
        preview: false,
        references,
        config: { ...stackConfig(bench.root, project, stack), "cline:offline": "true" },
      });
      references[`organization/${project}/${stack}`] = run.outputs;
      resources.push(...run.resources);
    }
    return resources.slice(0, amount);
  } finally {
    bench.remove();
  }
}
