import { type Fault, shown } from "../faults";
import { type Known, knownEntries } from "../known";
import type { Limits } from "../model";
import type { AnyStack } from "../stack-file";
import { capOf, limitsOf, type StackSet } from "../stack-set";
import { modelTiers, priorities } from "../terms";

/** A department's limits stay within its cap, and a developer's within the department's. */
export function checkLimits(set: StackSet): Fault[] {
  return set.departments.flatMap((department) => {
    const platform = set.platformOf(department);
    if (!platform) return [];
    const { cap, name } = capOf(platform, department.stack);
    const section = department.config["cline:department"] ?? {};
    const path = ["config", "cline:department"];
    const ask = `ask for it in caps.${department.stack} of ${platform.file}`;
    const above = exceeding(department, path, section, cap, `${name} of ${platform.file}`, ask);
    // Values over the cap have their fault above; developers are compared with the department's own
    // values.
    const limits = limitsOf(department, cap);
    return [
      ...above,
      ...knownEntries(section.developers).flatMap(([id, developer]) => {
        // Shares are measured together: checkBudgets.
        const { monthlyBudgetUsd: _, ...written } = developer;
        const raise = "raise the department's";
        return exceeding(department, [...path, "developers", id], written, limits, "the department's", raise);
      }),
    ];
  });
}

function exceeding(
  { fault }: AnyStack,
  path: readonly PropertyKey[],
  written: Known<Limits>,
  most: Known<Limits>,
  whose: string,
  otherwise: string,
): Fault[] {
  const faults = (["monthlyBudgetUsd", "tpm", "rpm"] as const).flatMap((limit): Fault[] => {
    const [value, bound] = [written[limit], most[limit]];
    if (value === undefined || bound === undefined || value <= bound) return [];
    const concern = limit === "monthlyBudgetUsd" ? "sums" : undefined;
    const allowed = `at most ${bound} (${whose})`;
    return [fault([...path, limit], shown(value), allowed, `lower it or ${otherwise}`, concern)];
  });
  const tiers = most.models ?? modelTiers;
  written.models?.forEach((tier, at) => {
    if (tiers.includes(tier)) return;
    const allowed = modelTiers.filter((each) => tiers.includes(each)).join(", ");
    faults.push(fault([...path, "models", at], shown(tier), allowed, `choose one of these or ${otherwise}`));
  });
  const { priority } = written;
  const highest = priorities.indexOf(most.priority ?? "high");
  if (priority && priorities.indexOf(priority) > highest) {
    const allowed = priorities.slice(0, highest + 1).join(", ");
    faults.push(fault([...path, "priority"], shown(priority), allowed, `choose one of these or ${otherwise}`));
  }
  return faults;
}
