import { parseArgs, type ParseArgsConfig } from "node:util";

/** A fault in the command's arguments; the message gives the correct form. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Exit codes of every command. */
export const exit = {
  ok: 0,
  /** A mandatory policy is violated. */
  refused: 1,
  /** The stack files, the program or the arguments have a fault: nothing was judged. */
  fault: 2,
} as const;

export const exitCodes =
  "Exit codes: 0 accepted, 1 a mandatory violation, 2 a fault in a stack file, the program or the call.";

/**
 * Reads a command's arguments. A single-value flag that appears twice is refused: otherwise the
 * last one would win silently.
 * @throws UsageError with the command's help
 */
export function parseFlags<const Flags extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: Flags,
  help: string,
) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
    const seen = new Set<string>();
    for (const token of parsed.tokens) {
      if (token.kind !== "option") continue;
      const { type, multiple } = options[token.name] ?? {};
      if (type === "string" && multiple !== true && seen.has(token.name))
        throw new Error(`${token.rawName}: found twice; allowed once; keep one of the two`);
      seen.add(token.name);
    }
    return parsed;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${help}`);
  }
}
