import path from "node:path";
import { endWith, isHelp, runCommand, type Command } from "./command";
import { exit } from "./usage";

/** `node -r tsx/cjs cli/main.ts NAME ARGUMENTS`, and in short `npm run NAME`. */
// import() resolves no TypeScript here.
/* eslint-disable @typescript-eslint/no-require-imports -- each module is loaded when it is asked for: all of them take seconds */
const commands: Readonly<Record<string, () => Command>> = {
  preview: () => require("./preview") as typeof import("./preview"),
  audit: () => require("./audit") as typeof import("./audit"),
  cost: () => require("./cost") as typeof import("./cost"),
  people: () => require("./people") as typeof import("./people"),
  "policy-config": () => require("./policy-config") as typeof import("./policy-config"),
  keys: () => require("./keys") as typeof import("./keys"),
  exempt: () => require("./exempt") as typeof import("./exempt"),
  bootstrap: () => require("./bootstrap") as typeof import("./bootstrap"),
  deploy: () => require("./deploy") as typeof import("./deploy"),
  connect: () => require("./connect") as typeof import("./connect"),
  doctor: () => require("./doctor") as typeof import("./doctor"),
};

async function main(argv: readonly string[]): Promise<number> {
  const help = argv.some(isHelp);
  const name = argv.find((arg) => !isHelp(arg)) ?? "";
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const text = `Commands:\n${Object.entries(commands).map(line).join("\n")}\n`;
    if (help && name === "") process.stdout.write(text);
    else process.stderr.write(`${name === "" ? "" : `no command ${name}\n\n`}${text}`);
    return help && name === "" ? exit.ok : exit.fault;
  }
  return runCommand(load(), argv.toSpliced(argv.indexOf(name), 1), path.join(__dirname, ".."));
}

const line = ([name, load]: readonly [string, () => Command]): string => `  ${name.padEnd(13)} ${load().summary}`;

function isTold(error: Error): boolean {
  const { StackFilesError } = require("../config") as typeof import("../config");
  const { ProgramError } = require("../offline/run") as typeof import("../offline/run");
  const { PackError } = require("../offline/pack-build") as typeof import("../offline/pack-build");
  const { StateError } = require("../offline/state") as typeof import("../offline/state");
  return [StackFilesError, ProgramError, PackError, StateError].some((kind) => error instanceof kind);
}
/* eslint-enable @typescript-eslint/no-require-imports */

endWith(main(process.argv.slice(2)), isTold);
