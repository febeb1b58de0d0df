import { type Fault, shown } from "../faults";
import { fillKnown } from "../fill";
import { gateway as section } from "../schema/sections";
import type { StackSet } from "../stack-set";

/** A gateway's ceiling is not below its floor. */
export function checkGateways({ platforms, departments }: StackSet): Fault[] {
  return [...platforms, ...departments].flatMap((stack): Fault[] => {
    const gateway = stack.config["cline:gateway"];
    if (!gateway) return [];
    const { minTasks, maxTasks } = fillKnown(section, gateway);
    if (minTasks === undefined || maxTasks === undefined || maxTasks >= minTasks) return [];
    const path = ["config", "cline:gateway", "maxTasks"];
    return [stack.fault(path, shown(maxTasks), `at least minTasks, ${minTasks}`, "raise it or lower minTasks")];
  });
}
