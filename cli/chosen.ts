import type { StackSpec } from "../config";
import { UsageError } from "./usage";

/** The stacks that a call names; none: all. @throws UsageError for a name without a file */
export function chosenStacks(known: readonly StackSpec[], names: readonly string[]): readonly StackSpec[] {
  const missing = names.filter((name) => !known.some((spec) => spec.stack === name));
  if (missing.length > 0)
    throw new UsageError(
      `no stack file for ${missing.join(", ")}; there are ${known.map((spec) => spec.stack).join(", ")}`,
    );
  return names.length === 0 ? known : known.filter((spec) => names.includes(spec.stack));
}
