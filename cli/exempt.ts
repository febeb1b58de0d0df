import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { PreviewDocument } from "../reports";
import { nearest } from "../config/nearest";
import { componentEntry, findingEntry, findingName, findingsNamed, type ExemptionEntry } from "./exemption-entry";
import { progress } from "./streams";
import { planStacks } from "./plan";
import { exit, exitCodes, parseFlags, UsageError } from "./usage";

export const summary = "the entry of policy-pack/exemptions.json for a finding";

export const help = `npm run exempt -- POLICY@NAME [OPTIONS]

${summary}, ready to paste. NAME is the resource's logical name, or its URN.
The entry is for one resource of one stack. An entry without reason, ticket or approver does not apply.

  --component          for the resource of a component, in every stack; lists all its known values:
                       keep those that make the exception harmless
  --reason TEXT        why the exception is acceptable
  --ticket WORD        where it was approved
  --approved-by WHO    who approved it
  --until YYYY-MM-DD   its last day, within the pack's longest term; without it in 90 days
  --from FILE          a preview as JSON (npm run preview -- --format json=FILE) instead of a new one
${exitCodes}
`;

const flags = {
  component: { type: "boolean" },
  reason: { type: "string" },
  ticket: { type: "string" },
  "approved-by": { type: "string" },
  until: { type: "string" },
  from: { type: "string" },
} as const;

/** Days that an exemption is valid for where none is given. */
const usualDays = 90;
/** Days that the pack allows at most. */
const longestDays = (root: string): number =>
  z
    .object({ longestDays: z.number() })
    .parse(JSON.parse(readFileSync(path.join(root, "policy-pack/src/data/exemption-term.json"), "utf8"))).longestDays;

/** Prints the entries. Resolves with the exit code. */
export async function run(args: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseFlags(args, flags, help);
  const [text, ...more] = positionals;
  if (text === undefined || more.length > 0) throw new UsageError(`name one finding\n\n${help}`);
  if (values.until !== undefined) refuseDay(values.until, longestDays(root));
  const document =
    values.from === undefined ? await planStacks({ root, stacks: [], asDeployed: false, progress }) : read(values.from);
  const approval = {
    reason: values.reason ?? "",
    ticket: values.ticket ?? "",
    approvedBy: values["approved-by"] ?? "",
    expires: values.until ?? new Date(Date.now() + usualDays * 86_400_000).toISOString().slice(0, 10),
  };
  const found = findingsNamed(document, text);
  if (found.length === 0) throw new UsageError(unknownText(document, text));
  const resources = document.stacks.flatMap((stack) => stack.resources);
  const entries = found.map((finding) =>
    values.component === true
      ? componentEntry(finding, resources.find(({ urn }) => urn === finding.urn)?.inputs ?? {}, approval)
      : findingEntry(finding, approval),
  );
  const missing = Object.entries(approval).flatMap(([key, value]) => (value === "" ? [key] : []));
  if (missing.length > 0) progress(`still empty, and needed: ${missing.join(", ")}`);
  process.stdout.write(`${distinct(entries).join(",\n")}\n`);
  return exit.ok;
}

/** @throws UsageError unless the day exists, is not over, and lies within the pack's longest term. */
function refuseDay(day: string, longest: number): void {
  const at = Date.parse(`${day}T00:00:00Z`);
  const days = (at - Date.now()) / 86_400_000;
  // A day that no month has is read as one of the next month.
  const exists = !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === day;
  if (exists && days > -1 && days <= longest) return;
  throw new UsageError(`--until: found ${day}; allowed a day as YYYY-MM-DD, from today to ${longest} days from now`);
}

function read(file: string): PreviewDocument {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as PreviewDocument;
  } catch (error) {
    throw new UsageError(`--from: ${file} cannot be read as JSON: ${(error as Error).message}`);
  }
}

/** Two stacks with the same component have one entry. */
const distinct = (entries: readonly ExemptionEntry[]): string[] => [
  ...new Set(entries.map((entry) => JSON.stringify(entry, undefined, 2))),
];

function unknownText({ stacks }: PreviewDocument, text: string): string {
  const names = stacks.flatMap(({ violations }) =>
    violations.filter(({ level }) => level !== "exempt").map(findingName),
  );
  const near = nearest(text, [...new Set(names)]);
  const next = near === undefined ? "npm run preview lists the findings" : `did you mean ${near}?`;
  return `${text}: found no such finding; allowed POLICY@NAME of a finding that is not exempt; ${next}`;
}
