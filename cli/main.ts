import path from "node:path";
import { PackError } from "../offline/pack-build";
import { ProgramError } from "../offline/run";
import { StateError } from "../offline/state";
import { StackFilesError } from "../config";
import * as audit from "./audit";
import * as keys from "./keys";
import * as preview from "./preview";
import { exit, UsageError } from "./usage";

/**
 * One of the project's commands: `node -r tsx/cjs cli/main.ts NAME ARGUMENTS`, and in short `npm
 * run NAME`.
 */
export interface Command {
  readonly summary: string;
  readonly help: string;
  /** Resolves with the exit code. */
  readonly run: (args: readonly string[], root: string) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = { preview, audit, keys };

const isHelp = (arg: string): boolean => arg === "--help" || arg === "-h";

/** `--help` works in any position, and is answered before any other argument is read. */
async function main(argv: readonly string[]): Promise<number> {
  const help = argv.some(isHelp);
  const [name = "", ...args] = argv.filter((arg) => !isHelp(arg));
  const command = commands[name];
  if (command === undefined) {
    const list = Object.entries(commands).map(([each, { summary }]) => `  ${each.padEnd(10)} ${summary}`);
    const text = `Commands:\n${list.join("\n")}\n`;
    if (help && name === "") process.stdout.write(text);
    else process.stderr.write(`${name === "" ? "" : `no command ${name}\n\n`}${text}`);
    return help && name === "" ? exit.ok : exit.fault;
  }
  if (help) {
    process.stdout.write(command.help);
    return exit.ok;
  }
  return command.run(args, path.join(__dirname, ".."));
}

/** Faults whose message is complete; any other fault also shows its stack. */
const told = [StackFilesError, ProgramError, PackError, StateError, UsageError];

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const text = error instanceof Error && !told.some((kind) => error instanceof kind) ? error.stack : undefined;
    process.stderr.write(`${text ?? (error instanceof Error ? error.message : String(error))}\n`);
    // Exits at once: running programs are no longer needed, and end with this process.
    process.exit(exit.fault);
  },
);
