import path from "node:path";
import { loadStacks } from "../config";
import {
  planStackDifference,
  type Comparison,
  type PlannedStack,
  type PreviewDocument,
  type StackDifference,
} from "../reports";
import { changedProgram, copyBase } from "./base";
import { planAccessChanges } from "./changes/access";
import { replaces } from "./changes/replaces";
import { planTouched, type Side, type Touched } from "./changes/touched";
import { planWithOptions, type Plan, type PlanOptions } from "./plan";
import { projectName, stackConfig } from "./stack-config";
import { UsageError } from "./usage";

/**
 * Previews the effect of a change: the stacks that it can affect, on both sides, and their
 * difference. When the base cannot be previewed, the document says so and shows the whole head.
 * @param base a git revision, or a folder with stacks/
 * @throws StackFilesError, ProgramError, UsageError of the head
 */
export async function compareStacks(options: PlanOptions, base: string): Promise<PreviewDocument> {
  const head = sideOf(options.root);
  const copy = copyBase(options.root, base);
  try {
    const before = attempt(() => sideOf(copy.folder));
    if (before instanceof Error) return await unavailable(options, base, before);
    const touched = planTouched(before, head, changedProgram(copy.folder, options.root));
    const chosen = chosenOf(touched, [before, head], options.stacks);
    const is = await planSide(options, head, chosen);
    const was = await planSide({ ...options, root: copy.folder, progress: ofBase(options) }, before, chosen).catch(
      toError,
    );
    if (was instanceof Error) return await unavailable(options, base, was);
    const comparison: Comparison = {
      base,
      access: planAccessChanges(before.specs, head.specs),
      stacks: chosen.map((stack) => differenceOf(stack, was, is)),
      reason: touched.reason,
      leftOut: touched.leftOut,
    };
    return { ...is.document, comparison };
  } finally {
    copy.remove();
  }
}

const ofBase =
  ({ progress }: PlanOptions): PlanOptions["progress"] =>
  (line) =>
    progress(`base: ${line}`);

/** The checked stack files of a folder. @throws StackFilesError */
export function sideOf(root: string): Side {
  const project = projectName(root);
  return { specs: loadStacks(root), configOf: (stack) => stackConfig(root, project, stack) };
}

/** The requested stacks among those that the change can affect. */
function chosenOf({ stacks }: Touched, sides: readonly Side[], asked: readonly string[]): readonly string[] {
  const known = new Set(sides.flatMap(({ specs }) => specs.map(({ stack }) => stack)));
  const missing = asked.filter((name) => !known.has(name));
  if (missing.length > 0)
    throw new UsageError(`no stack file for ${missing.join(", ")}; there are ${[...known].sort().join(", ")}`);
  return asked.length === 0 ? stacks : stacks.filter((stack) => asked.includes(stack));
}

/** Plans the chosen stacks that exist on this side. */
function planSide(options: PlanOptions, { specs }: Side, chosen: readonly string[]): Promise<Plan> {
  const stacks = specs.map(({ stack }) => stack).filter((stack) => chosen.includes(stack));
  if (stacks.length > 0) return planWithOptions({ ...options, stacks });
  return Promise.resolve({ document: { stacks: [] }, options: new Map() });
}

function differenceOf(stack: string, base: Plan, head: Plan): StackDifference {
  const planned = ({ document, options }: Plan): PlannedStack | undefined => {
    const report = document.stacks.find((each) => each.stack === stack);
    return report && { report, options };
  };
  return planStackDifference(stack, planned(base), planned(head), replaces);
}

async function unavailable(options: PlanOptions, base: string, fault: Error): Promise<PreviewDocument> {
  const { document } = await planWithOptions(options);
  const text = `The base (${path.basename(base)}) cannot be previewed, so that nothing is compared: ${fault.message}`;
  return { ...document, comparison: { base, unavailable: text, access: [], stacks: [], reason: "", leftOut: [] } };
}

const toError = (fault: unknown): Error => (fault instanceof Error ? fault : new Error(String(fault)));

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (fault) {
    return toError(fault);
  }
}
