import assert from "node:assert/strict";
import { tail, type CommandResult } from "./command";

/** What was found wrong stands before the outputs, and so often before what was printed last. */
const wrong = ({ stdout, stderr }: CommandResult): string =>
  `${stdout}\n${stderr}`
    .split("\n")
    .filter((line) => /\berror\b|\[mandatory\]/i.test(line))
    .slice(0, 20)
    .join("\n");

/** The result of a command that must succeed; otherwise an error with what it printed last. */
export function succeeded<R extends CommandResult>(result: R): R {
  assert.equal(result.code, 0, `${result.command} ended with ${result.code}\n${wrong(result)}\n${tail(result)}`);
  return result;
}
