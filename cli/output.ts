import { readFileSync, writeFileSync } from "node:fs";
import type { PolicyConfig } from "../offline/pack-client";
import { isRefused, type PreviewDocument } from "../reports";
import { formats, render } from "./render";
import { exit, UsageError } from "./usage";

/** Flags of every command that prints a document. */
export const outputFlags = {
  json: { type: "boolean" },
  format: { type: "string" },
  out: { type: "string" },
  every: { type: "boolean" },
  "policy-config": { type: "string" },
  "no-color": { type: "boolean" },
} as const;

export const outputHelp = `  --json               the document as JSON, and nothing else on standard output; short for --format json
  --format FORMAT      ${formats.join(", ")}
  --out FILE           write it to FILE instead of standard output
  --every              name every resource in the text
  --policy-config FILE levels and settings of policies, as for pulumi's --policy-pack-config
  --no-color           never colour; NO_COLOR=1 says the same
`;

interface OutputValues {
  readonly json?: boolean | undefined;
  readonly format?: string | undefined;
  readonly out?: string | undefined;
  readonly every?: boolean | undefined;
  readonly "policy-config"?: string | undefined;
  readonly "no-color"?: boolean | undefined;
}

/** The form that the flags ask for. @throws UsageError when there is no such form */
export function formatOf(values: OutputValues): string {
  const format = values.format ?? (values.json === true ? "json" : "text");
  if (!formats.includes(format)) throw new UsageError(`--format: found ${format}; allowed ${formats.join(", ")}`);
  return format;
}

/** The policy config file that the flags name. */
export function policyConfigOf(values: OutputValues): PolicyConfig {
  const file = values["policy-config"];
  if (file === undefined) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as PolicyConfig;
  } catch (error) {
    throw new UsageError(`--policy-config: ${file} cannot be read as JSON: ${(error as Error).message}`);
  }
}

/** Prints the document, or writes it to the file the flags name. Resolves with the exit code. */
export async function printDocument(document: PreviewDocument, values: OutputValues): Promise<number> {
  const toTerminal = values.out === undefined && process.stdout.isTTY;
  const colour = toTerminal && values["no-color"] !== true && !process.env["NO_COLOR"];
  const text = render(formatOf(values), document, { colour, every: values.every ?? false });
  if (values.out === undefined) await written(text);
  else writeFileSync(values.out, text);
  return isRefused(document) ? exit.refused : exit.ok;
}

/** A line of progress: standard error, so that standard output is the document's alone. */
export const progress = (line: string): void => void process.stderr.write(`${line}\n`);

/** A pipe takes a large document in pieces: the process must not exit before the last. */
const written = (text: string): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
