import { availableParallelism } from "node:os";
import path from "node:path";
import { buildFunctions } from "../functions/build";
import type { Registered } from "../offline/monitor";
import { startPack, type PolicyConfig } from "../offline/pack-client";
import { runProgram, type ProgramRun } from "../offline/run";
import type { RawProps } from "../offline/values";
import type { PreviewDocument, StackReport } from "../reports";
import { loadStacks, type StackSpec } from "../config";
import { judgedStack, policyMetadata } from "./judged";
import { projectName, stackConfig } from "./stack-config";
import { UsageError } from "./usage";

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
  const chosen = choose(known, options.stacks);
  if (buildFunctions(root)) progress("functions bundled");
  const starting = startPack(path.join(root, "policy-pack"));
  try {
    const [pack, runs] = await Promise.all([starting, runAll(chosen, known, options)]);
    progress(`policy pack started: ${pack.policies().length} policies`);
    const stacks: StackReport[] = [];
    for (const spec of chosen) {
      const run = runs.get(spec.stack);
      if (run === undefined) continue;
      const { stack, region, platform } = spec;
      const report = await judgedStack(
        { stack, region, mfaMode: platform.mfaMode, ...run },
        pack,
        options.policyConfig ?? {},
        options.asDeployed,
      );
      progress(`${stack} judged: ${report.violations.length} findings`);
      stacks.push(report);
    }
    const resources = chosen.flatMap(({ stack }) => runs.get(stack)?.resources ?? []);
    return {
      document: { stacks, policies: policyMetadata(pack) },
      options: new Map(resources.map(({ urn, options: given }) => [urn, given])),
    };
  } finally {
    await starting.then((pack) => pack.close()).catch(() => undefined);
  }
}

function choose(known: readonly StackSpec[], names: readonly string[]): readonly StackSpec[] {
  const missing = names.filter((name) => !known.some((spec) => spec.stack === name));
  if (missing.length > 0)
    throw new UsageError(
      `no stack file for ${missing.join(", ")}; there are ${known.map((spec) => spec.stack).join(", ")}`,
    );
  return names.length === 0 ? known : known.filter((spec) => names.includes(spec.stack));
}

/**
 * Runs platforms as deployed first, for the facts that departments read. Then it runs the requested
 * stacks, as many at once as there are processors.
 */
async function runAll(
  chosen: readonly StackSpec[],
  known: readonly StackSpec[],
  options: PlanOptions,
): Promise<ReadonlyMap<string, ProgramRun>> {
  const project = projectName(options.root);
  const shared = new Set(chosen.flatMap((spec) => spec.sharedFrom ?? []));
  const runs = new Map<string, ProgramRun>();
  const references: Record<string, RawProps> = {};
  await atMost(
    known.filter((spec) => shared.has(spec.stack)),
    async ({ stack }) => {
      const run = await runStack(stack, project, false, {}, options);
      references[`${ORGANIZATION}/${project}/${stack}`] = run.outputs;
      if (options.asDeployed) runs.set(stack, run);
    },
  );
  await atMost(
    chosen.filter((spec) => !runs.has(spec.stack)),
    async ({ stack }) => {
      runs.set(stack, await runStack(stack, project, !options.asDeployed, references, options));
    },
  );
  return runs;
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
  progress(`${stack}${preview ? "" : " as deployed"}: ${run.resources.length} resources, ${seconds(started)}`);
  return run;
}

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs the work over the items, as many at once as there are processors, and fails with the first
 * failure.
 */
async function atMost<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
