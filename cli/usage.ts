import { parseArgs, type ParseArgsConfig } from "node:util";
import { nearest } from "../config/nearest";

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

type Flags = NonNullable<ParseArgsConfig["options"]>;

/**
 * Reads a command's arguments. A single-value flag that appears twice is refused: otherwise the
 * last one would win silently. So is a flag that npm took for itself, in `npm run NAME --flag`:
 * the command would do something else without it.
 * @throws UsageError with every fault and the way to the help
 */
export function parseFlags<const F extends Flags>(
  args: readonly string[],
  options: F,
  help: string,
  env = process.env,
) {
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  const names = Object.keys(options);
  const seen = new Set<string>();
  const faults = tokens.flatMap((token): string[] => {
    if (token.kind !== "option") return [];
    const { name, rawName, value } = token;
    const { type, multiple } = (Object.hasOwn(options, name) ? options[name] : undefined) ?? {};
    if (type === undefined) return [unknown(rawName, names)];
    const again = type === "string" && multiple !== true && seen.has(name);
    seen.add(name);
    if (again) return [`${rawName}: found twice; allowed once; keep one of the two`];
    const isLacking = value === undefined || value === "" || (!token.inlineValue && value.startsWith("-"));
    if (type === "string" && isLacking) return [`${rawName}: found no value; allowed one; write ${rawName} VALUE`];
    if (type === "boolean" && value !== undefined) return [`${rawName}: found a value; allowed none; leave it out`];
    return [];
  });
  // npm keeps `--no-browser` as `browser`, empty or false.
  const isTaken = (name: string): boolean =>
    env[`npm_config_${name.replaceAll("-", "_")}`] !== undefined ||
    (name.startsWith("no-") &&
      ["", "false"].includes(env[`npm_config_${name.slice(3).replaceAll("-", "_")}`] ?? "unset"));
  const taken = names.filter((name) => isTaken(name) && !seen.has(name));
  faults.push(...taken.map((name) => `--${name}: npm took it for itself; write -- before the command's own arguments`));
  if (faults.length > 0) throw new UsageError(withHelp(faults, help));
  return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
}

function unknown(rawName: string, names: readonly string[]): string {
  const near = nearest(rawName.replace(/^-+/, ""), names);
  const allowed = names.map((name) => `--${name}`).join(", ") || "none";
  return `${rawName}: found an unknown option; allowed ${allowed}${near === undefined ? "" : `; did you mean --${near}?`}`;
}

/** Faults of a call, and how it is written: the help's first line. */
export function withHelp(faults: readonly string[], help: string): string {
  const [usage = ""] = help.split("\n", 1);
  return `${faults.join("\n")}\n\n${usage}\n--help says more.`;
}
