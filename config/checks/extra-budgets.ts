import { type Fault, shown } from "../faults";
import { nearest } from "../nearest";
import type { StackSet } from "../stack-set";

/** An operator approves each extra budget, and its department exists. */
export function checkExtraBudgets(set: StackSet): Fault[] {
  return set.platforms.flatMap((platform) => {
    const { operators, extraBudgets = [] } = platform.config["cline:platform"] ?? {};
    const departments = set.departmentsOf(platform).map(({ stack }) => stack);
    return extraBudgets.flatMap(({ department, approvedBy } = {}, at): Fault[] => {
      const path = ["config", "cline:platform", "extraBudgets", at];
      const faults: Fault[] = [];
      if (department !== undefined && ![...departments, ...set.unread].includes(department)) {
        const near = nearest(department, departments);
        const allowed =
          departments.join(", ") || `a department that shares from ${platform.stack}, of which there is none`;
        const next = near === undefined ? "remove the entry if the department is gone" : `did you mean ${near}?`;
        faults.push(platform.fault([...path, "department"], shown(department), allowed, next));
      }
      if (operators && approvedBy !== undefined && !operators.includes(approvedBy)) {
        const allowed = `one of operators: ${operators.join(", ")}`;
        faults.push(platform.fault([...path, "approvedBy"], shown(approvedBy), allowed, "let one of them approve it"));
      }
      return faults;
    });
  });
}
