import { writeFileSync } from "node:fs";
import { applyCommand, renderTemplate } from "../bootstrap";
import { isFoundation } from "../components/foundation";
import { loadStacks, type StackSpec } from "../config";
import { exit, parseFlags, UsageError } from "./usage";

export const summary = "what must exist in an account before Pulumi: one CloudFormation template";

export const help = `npm run bootstrap -- STACK [OPTIONS]

${summary}. It holds the state's bucket and key, the identity
provider of the repository's workflows, and the roles of deployer, audit workflow and break glass. STACK is a
platform, or a department in an account of its own. The command that applies the template stands in its first
lines; with --out it is printed.

  --out FILE           writes the template to FILE
Exit codes: 0 printed, 2 a fault in a stack file or the call.
`;

const flags = { out: { type: "string" } } as const;

/** Prints or writes the template. Resolves with the exit code. */
export function run(args: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseFlags(args, flags, help);
  const all = loadStacks(root);
  const spec = chosen(positionals, all);
  const text = renderTemplate(spec, all, values.out ?? "bootstrap.yaml");
  if (values.out === undefined) process.stdout.write(text);
  else {
    write(values.out, text);
    process.stdout.write(`${applyCommand(spec, values.out)}\n`);
  }
  return Promise.resolve(exit.ok);
}

function chosen(names: readonly string[], all: readonly StackSpec[]): StackSpec {
  const able = all.filter(isFoundation);
  const allowed = able.map(({ stack }) => stack).join(", ");
  const [name, ...more] = names;
  const spec = able.find(({ stack }) => stack === name);
  if (spec !== undefined && more.length === 0) return spec;
  const found = names.length === 0 ? "nothing" : names.join(" ");
  const next = all.some(({ stack }) => stack === name)
    ? "bootstrap the platform, whose account it shares"
    : "name one of them";
  throw new UsageError(`STACK: found ${found}; allowed one of ${allowed}; ${next}\n\n${help}`);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`--out: found ${file}, which cannot be written (${(error as Error).message}); name another`);
  }
}
