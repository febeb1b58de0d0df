import { StackFilesError } from "../config/faults";
import type { FaultReport } from "../reports";

/**
 * A fault that stopped a preview, as the document holds it: one entry for each fault of a stack
 * file, or the message.
 */
export function faultReports(fault: unknown): readonly FaultReport[] {
  if (!(fault instanceof StackFilesError)) return [{ message: fault instanceof Error ? fault.message : String(fault) }];
  return fault.faults.map(({ file, line, path, found, allowed, next }) => ({
    message: `${path}: found ${found}; allowed ${allowed}; ${next}`,
    file,
    line,
    path,
    found,
    allowed,
    next,
  }));
}
