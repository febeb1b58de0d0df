import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { PolicyConfig } from "../offline/pack-client";
import { isRefused } from "../reports";
import { planStacks } from "./plan";
import { formats, render } from "./render";
import { exit, UsageError } from "./usage";

export const summary =
  "what each stack would create and what the policies say of it: offline, without account or engine";

export const help = `npm run preview [-- STACK… OPTIONS]

${summary}. Without a STACK: all of stacks/.

  --json               the document as JSON, and nothing else on standard output; short for --format json
  --format FORMAT      ${formats.join(", ")}
  --out FILE           write it to FILE instead of standard output
  --as-deployed        with ids, ARNs and outputs as after a deployment
  --every              name every resource in the text
  --policy-config FILE levels and settings of policies, as for pulumi's --policy-pack-config
  --no-color           never colour; NO_COLOR=1 says the same

Exit codes: 0 accepted, 1 a mandatory violation, 2 a fault in a stack file, the program or the call.
`;

const flags = {
  json: { type: "boolean" },
  format: { type: "string" },
  out: { type: "string" },
  "as-deployed": { type: "boolean" },
  every: { type: "boolean" },
  "policy-config": { type: "string" },
  "no-color": { type: "boolean" },
} as const;

/** Previews stacks and prints the document. Resolves with the exit code. */
export async function run(args: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parse(args);
  const format = values.format ?? (values.json === true ? "json" : "text");
  if (!formats.includes(format)) throw new UsageError(`--format: found ${format}; allowed ${formats.join(", ")}`);
  const file = values["policy-config"];
  const document = await planStacks({
    root,
    stacks: positionals,
    asDeployed: values["as-deployed"] ?? false,
    ...(file !== undefined && { policyConfig: JSON.parse(readFileSync(file, "utf8")) as PolicyConfig }),
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  const colour =
    values["no-color"] !== true && !process.env["NO_COLOR"] && values.out === undefined && process.stdout.isTTY;
  const text = render(format, document, { colour, every: values.every ?? false });
  if (values.out === undefined) await written(text);
  else writeFileSync(values.out, text);
  return isRefused(document) ? exit.refused : exit.ok;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${help}`);
  }
}

/** A pipe takes a large document in pieces: the process must not exit before the last. */
const written = (text: string): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
