import type { Fault } from "../faults";
import type { StackSet } from "../stack-set";
import { clashes } from "./clashes";

/**
 * The keys that `pulumi stack init` writes belong to one stack. The same salt in two files was
 * copied, and one stack could read the other's secrets.
 */
export function checkSalts({ platforms, departments }: StackSet): Fault[] {
  return (["encryptionsalt", "encryptedkey"] as const).flatMap((key) =>
    clashes(
      [...platforms, ...departments],
      ({ top }) => top[key],
      (stack) => stack,
    ).map(({ claim, other }) => {
      const allowed = `a value of its own; ${other.file} has the same`;
      const next = "remove it from the copied file: pulumi stack init writes a new one";
      return claim.fault([key], "a copied value (not shown)", allowed, next);
    }),
  );
}
