import { readFileSync, writeFileSync } from "node:fs";
import type { PolicyConfig } from "../offline/pack-client";
import {
  defaultWidth,
  faultFormats,
  formats,
  isRefused,
  render,
  type FaultReport,
  type PreviewDocument,
} from "../reports";
import type { Target } from "./targets";
import { written } from "./streams";
import { exit, UsageError } from "./usage";

/** Flags of every command that prints a document. */
export const outputFlags = {
  json: { type: "boolean" },
  format: { type: "string", multiple: true },
  out: { type: "string" },
  all: { type: "boolean" },
  "policy-config": { type: "string" },
  "no-color": { type: "boolean" },
} as const;

export const outputHelp = `  --format FORMAT      to standard output: ${formats.join(", ")}
  --format FORMAT=FILE to a file; may be repeated
  --out FILE           the file of the one FORMAT that names none
  --json               the document as JSON, and nothing else on standard output; short for --format json
  --all                name every resource and every finding in the text
  --policy-config FILE levels and settings of policies, as for pulumi's --policy-pack-config
  --no-color           never colour; NO_COLOR=1 says the same
`;

interface OutputValues {
  readonly all?: boolean | undefined;
  readonly "policy-config"?: string | undefined;
  readonly "no-color"?: boolean | undefined;
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

/** Columns of a terminal; some report none. Without a terminal the default. */
export const terminalWidth = ({ isTTY, columns }: Pick<typeof process.stdout, "isTTY" | "columns">): number =>
  (isTTY && columns) || defaultWidth;

/** Writes the document to its targets. Resolves with the exit code. */
export async function printDocument(
  document: PreviewDocument,
  targets: readonly Target[],
  values: OutputValues,
): Promise<number> {
  const faults: string[] = [];
  for (const { format, file } of targets) {
    const toTerminal = file === undefined && process.stdout.isTTY;
    const colour = toTerminal && values["no-color"] !== true && !process.env["NO_COLOR"];
    const width = file === undefined ? terminalWidth(process.stdout) : defaultWidth;
    const text = render(format, document, { colour, all: values.all ?? false, width });
    if (file === undefined) await written(text);
    else faults.push(...writeFault(format, file, text));
  }
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  return isRefused(document) ? exit.refused : exit.ok;
}

/** Writes one document; a file that takes none hinders no other. */
function writeFault(format: string, file: string, text: string): string[] {
  try {
    writeFileSync(file, text);
    return [];
  } catch (error) {
    return [`--format ${format}=${file}: cannot be written: ${(error as Error).message}; name another file`];
  }
}

/** Writes the faults that stopped the work, in the formats that show them. */
export async function printFaults(
  faults: readonly FaultReport[],
  targets: readonly Target[],
  values: OutputValues,
): Promise<void> {
  await printDocument(
    { stacks: [], faults },
    targets.filter(({ format }) => faultFormats.includes(format)),
    values,
  );
}
