import type { StackSpec } from "../../config";
import { UsageError } from "../usage";

/** The stacks of a run in the order in which they are made. */
export interface Order {
  readonly platforms: readonly StackSpec[];
  /** Departments, after the platforms whose facts they read. */
  readonly departments: readonly StackSpec[];
}

/**
 * Platforms first, then departments. @param names stacks to deploy; empty: all
 * @throws UsageError for a name without a stack file
 */
export function orderOf(specs: readonly StackSpec[], names: readonly string[]): Order {
  const missing = names.filter((name) => !specs.some(({ stack }) => stack === name));
  if (missing.length > 0)
    throw new UsageError(
      `STACK: found ${missing.join(", ")}; allowed ${specs.map(({ stack }) => stack).join(", ")}; npm run deploy -- --help`,
    );
  const chosen = names.length === 0 ? specs : specs.filter(({ stack }) => names.includes(stack));
  return {
    platforms: chosen.filter(({ department }) => department === undefined),
    departments: chosen.filter(({ department }) => department !== undefined),
  };
}
