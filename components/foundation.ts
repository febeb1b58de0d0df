import type { StackSpec } from "../config";

/**
 * True where a stack creates its account's foundation: the platform, and a department in an account
 * of its own.
 */
export function isFoundation(spec: StackSpec): boolean {
  return spec.department === undefined || spec.accountId !== spec.platform.accountId;
}

/** The stack whose foundation (session documents and logs, boundaries, artifacts) a stack uses. */
export function foundationStack(spec: StackSpec): string {
  return isFoundation(spec) ? spec.stack : spec.platform.stack;
}
