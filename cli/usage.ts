import { parseArgs, type ParseArgsConfig } from "node:util";

/** The command was called in a way it cannot be; the message says how it can. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Exit codes of every command. */
export const exit = {
  ok: 0,
  /** A mandatory policy is violated. */
  refused: 1,
  /** The stack files, the program or the call are at fault: nothing was judged. */
  fault: 2,
} as const;

export const exitCodes =
  "Exit codes: 0 accepted, 1 a mandatory violation, 2 a fault in a stack file, the program or the call.";

/** Reads a command's arguments. @throws UsageError with the command's help */
export function parseFlags<const Flags extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: Flags,
  help: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${help}`);
  }
}
