import { availableParallelism } from "node:os";
import path from "node:path";
import pMap from "p-map";
import { buildFunctions } from "../functions/build";
import type { Registered } from "../offline/monitor";
import { startPack, type PolicyConfig } from "../offline/pack-client";
import { runProgram, type ProgramRun } from "../offline/run";
import type { RawProps } from "../offline/values";
import type { PreviewDocument, StackReport } from "../reports";
import { loadStacks, type StackSpec } from "../config";
import { chosenStacks } from "./chosen";
import { costOf } from "./costed";
import { departmentReport } from "./department-report";
import { packSettings } from "./policy-config";
import { judgedStack, policyMetadata } from "./judged";
import { projectName, stackConfig } from "./stack-config";

export interface PlanOptions {
  /** The project's folder. */
  readonly root: string;
  /** Names of stacks; empty: all. */
  readonly stacks: readonly string[];
  /** Runs the programs with all AWS values known, and lists ids and outputs. */
  readonly asDeployed: boolean;
  /** Levels and settings of policies, as in Pulumi's policy config file. */
  readonly policyConfig?: PolicyConfig;
  /** Receives progress, one line at a time. */
  readonly progress: (line: string) => void;
}

/**
 * Organization and backend names that StackReferences carry where the backend has no organizations.
 */
const ORGANIZATION = "organization";

/** A stack and the run of its program. */
export interface StackRun {
  readonly spec: StackSpec;
  readonly run: ProgramRun;
}

/** The document, and the programs' resource options by URN. */
export interface Plan {
  readonly document: PreviewDocument;
  readonly options: ReadonlyMap<string, Registered["options"]>;
}

/** Like planWithOptions, without the options. */
export const planStacks = async (options: PlanOptions): Promise<PreviewDocument> =>
  (await planWithOptions(options)).document;

/**
 * Previews stacks offline and judges the results with the policy pack. Each program runs in a
 * process of its own. Departments run after the platforms they share from, which run as deployed.
 * @throws StackFilesError, ProgramError, UsageError
 */
export async function planWithOptions(options: PlanOptions): Promise<Plan> {
  const { root, progress } = options;
  const known = loadStacks(root);
  const chosen = chosenStacks(known, options.stacks);
  if (buildFunctions(root)) progress("functions bundled");
  const starting = startPack(path.join(root, "policy-pack"));
  try {
    const [pack, runs] = await Promise.all([starting, runAll(chosen, known, options)]);
    progress(`policy pack started: ${pack.policies().length} policies`);
    const stacks: StackReport[] = [];
    for (const { spec, run } of runs) {
      const { stack, region } = spec;
      const report = await judgedStack(
        { stack, region, settings: packSettings(spec), ...run },
        pack,
        options.policyConfig ?? {},
        options.asDeployed,
      );
      progress(`${stack} judged: ${report.violations.length} findings`);
      const department = spec.department && departmentReport(spec.department);
      stacks.push({ ...report, ...(department && { department }), cost: costOf(spec, run.resources) });
    }
    const resources = runs.flatMap(({ run }) => run.resources);
    return {
      document: { stacks, policies: policyMetadata(pack) },
      options: new Map(resources.map(({ urn, options: given }) => [urn, given])),
    };
  } finally {
    await starting.then((pack) => pack.close()).catch(() => undefined);
  }
}

/**
 * Runs the programs of stacks offline, without the policy pack.
 * @throws StackFilesError, ProgramError, UsageError
 */
export async function runStacks(options: PlanOptions): Promise<readonly StackRun[]> {
  const known = loadStacks(options.root);
  const chosen = chosenStacks(known, options.stacks);
  if (buildFunctions(options.root)) options.progress("functions bundled");
  return runAll(chosen, known, options);
}

/**
 * Runs platforms as deployed first, for the facts that departments read. Then it runs the requested
 * stacks, as many at once as there are processors.
 */
async function runAll(
  chosen: readonly StackSpec[],
  known: readonly StackSpec[],
  options: PlanOptions,
): Promise<readonly StackRun[]> {
  const project = projectName(options.root);
  const shared = new Set(chosen.flatMap((spec) => spec.sharedFrom ?? []));
  const runs = new Map<string, ProgramRun>();
  const references: Record<string, RawProps> = {};
  await pMap(
    known.filter((spec) => shared.has(spec.stack)),
    async ({ stack }) => {
      const run = await runStack(stack, project, false, {}, options);
      references[`${ORGANIZATION}/${project}/${stack}`] = run.outputs;
      if (options.asDeployed) runs.set(stack, run);
    },
    { concurrency },
  );
  await pMap(
    chosen.filter((spec) => !runs.has(spec.stack)),
    async ({ stack }) => {
      runs.set(stack, await runStack(stack, project, !options.asDeployed, references, options));
    },
    { concurrency },
  );
  return chosen.flatMap((spec) => {
    const run = runs.get(spec.stack);
    return run ? [{ spec, run }] : [];
  });
}

async function runStack(
  stack: string,
  project: string,
  preview: boolean,
  references: Readonly<Record<string, RawProps>>,
  { root, progress }: PlanOptions,
): Promise<ProgramRun> {
  const started = Date.now();
  const run = await runProgram({
    program: path.join(root, "index.ts"),
    root,
    stack,
    project,
    organization: ORGANIZATION,
    preview,
    references,
    config: { ...stackConfig(root, project, stack), ...(!preview && { "cline:offline": "true" }) },
  });
  for (const line of run.printed) progress(`${stack} says: ${line}`);
  // Components count as no resources, as in the tree below.
  const made = run.resources.filter(({ custom }) => custom).length;
  progress(`${stack}${preview ? "" : " as deployed"}: ${made} resources, ${seconds(started)}`);
  return run;
}

/** Programs at a time. */
const concurrency = availableParallelism();

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;
