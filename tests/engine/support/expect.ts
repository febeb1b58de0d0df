import assert from "node:assert/strict";
import { tail, type CommandResult } from "./command";

/** The result of a command that must succeed; otherwise an error with what it printed last. */
export function succeeded<R extends CommandResult>(result: R): R {
  assert.equal(result.code, 0, `${result.command} ended with ${result.code}\n${tail(result)}`);
  return result;
}
