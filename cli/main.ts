import path from "node:path";
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

// import() resolves no TypeScript here.
/* eslint-disable @typescript-eslint/no-require-imports -- each module is loaded when it is asked for: all of them take seconds */
const commands: Readonly<Record<string, () => Command>> = {
  preview: () => require("./preview") as typeof import("./preview"),
  audit: () => require("./audit") as typeof import("./audit"),
  cost: () => require("./cost") as typeof import("./cost"),
  "policy-config": () => require("./policy-config") as typeof import("./policy-config"),
  keys: () => require("./keys") as typeof import("./keys"),
  exempt: () => require("./exempt") as typeof import("./exempt"),
  bootstrap: () => require("./bootstrap") as typeof import("./bootstrap"),
  deploy: () => require("./deploy") as typeof import("./deploy"),
  connect: () => require("./connect") as typeof import("./connect"),
  doctor: () => require("./doctor") as typeof import("./doctor"),
};

const isHelp = (arg: string): boolean => arg === "--help" || arg === "-h";

/** `--help` works in any position, and is answered before any other argument is read. */
async function main(argv: readonly string[]): Promise<number> {
  const help = argv.some(isHelp);
  const [name = "", ...args] = argv.filter((arg) => !isHelp(arg));
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const text = `Commands:\n${Object.entries(commands).map(line).join("\n")}\n`;
    if (help && name === "") process.stdout.write(text);
    else process.stderr.write(`${name === "" ? "" : `no command ${name}\n\n`}${text}`);
    return help && name === "" ? exit.ok : exit.fault;
  }
  const command = load();
  if (help) {
    process.stdout.write(command.help);
    return exit.ok;
  }
  return command.run(args, path.join(__dirname, ".."));
}

const line = ([name, load]: readonly [string, () => Command]): string => `  ${name.padEnd(13)} ${load().summary}`;

/** Whether a fault's message is complete; any other fault also shows its stack. */
function isTold(error: Error): boolean {
  if (error instanceof UsageError) return true;
  const { StackFilesError } = require("../config") as typeof import("../config");
  const { ProgramError } = require("../offline/run") as typeof import("../offline/run");
  const { PackError } = require("../offline/pack-build") as typeof import("../offline/pack-build");
  const { StateError } = require("../offline/state") as typeof import("../offline/state");
  return [StackFilesError, ProgramError, PackError, StateError].some((kind) => error instanceof kind);
}
/* eslint-enable @typescript-eslint/no-require-imports */

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const text = error instanceof Error && !isTold(error) ? error.stack : undefined;
    process.stderr.write(`${text ?? (error instanceof Error ? error.message : String(error))}\n`);
    // Exits at once: running programs are no longer needed, and end with this process.
    process.exit(exit.fault);
  },
);
