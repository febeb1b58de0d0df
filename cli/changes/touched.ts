import { isDeepStrictEqual } from "node:util";
import type { StackSpec } from "../../config";
import { listed } from "./words";

/**
 * One side of a change: checked specs, and each stack's configuration as the program receives it.
 */
export interface Side {
  readonly specs: readonly StackSpec[];
  readonly configOf: (stack: string) => Readonly<Record<string, string>>;
}

/** Stacks that a change can affect, and the reason. */
export interface Touched {
  /** Sorted; on either side. */
  readonly stacks: readonly string[];
  readonly leftOut: readonly string[];
  readonly reason: string;
}

/** Maximum number of files in the reason. */
const NAMED = 3;

/**
 * The stacks whose plans a change can affect. A change of the program affects all. Otherwise a
 * stack is affected when its checked spec or its configuration differs, or when its platform is
 * affected. The checked spec includes the platform file's settings.
 * @param program files outside of stacks/ that differ
 */
export function planTouched(base: Side, head: Side, program: readonly string[]): Touched {
  const [before, after] = [base, head].map(({ specs }) => new Map(specs.map((spec) => [spec.stack, spec])));
  const all = [...new Set([...base.specs, ...head.specs].map(({ stack }) => stack))].sort();
  if (program.length > 0) {
    const more = program.length - NAMED;
    const files = more > 0 ? [...program.slice(0, NAMED), `${more} more file${more === 1 ? "" : "s"}`] : program;
    return { stacks: all, leftOut: [], reason: `All stacks are previewed: the change touches ${listed(files)}.` };
  }
  const differs = (stack: string): boolean => {
    const [was, is] = [before?.get(stack), after?.get(stack)];
    // No plan depends on the notes, and the platform's compare quotas with every stack's need.
    const alike = was && is && isDeepStrictEqual({ ...was, notes: [] }, { ...is, notes: [] });
    return !alike || !isDeepStrictEqual(base.configOf(stack), head.configOf(stack));
  };
  const own = new Set(all.filter(differs));
  const platformOf = (stack: string): string | undefined => (after?.get(stack) ?? before?.get(stack))?.sharedFrom;
  const stacks = all.filter((stack) => own.has(stack) || own.has(platformOf(stack) ?? ""));
  const leftOut = all.filter((stack) => !stacks.includes(stack));
  return { stacks, leftOut, reason: reasonOf(stacks, leftOut) };
}

function reasonOf(stacks: readonly string[], leftOut: readonly string[]): string {
  if (stacks.length === 0) return "No stack is previewed: the change touches no stack file and no part of the program.";
  if (leftOut.length === 0)
    return "All stacks are previewed: the change touches the stack files of all, or of the platform they share from.";
  return (
    `Previewed: ${listed(stacks)}. Left out: ${listed(leftOut)}, since neither their stack files nor the program change. ` +
    "The checks across files read every stack file."
  );
}
