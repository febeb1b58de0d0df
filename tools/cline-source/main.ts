import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { workspaceReleases } from "../../config";
import { readAgain, readRecord, recordFile, recordText, type SourceRecord } from "./record";

const help = `npm run cline-source -- CHECKOUT [--write]

Reads every recorded key again in a checkout (or bare repository) of Cline's source, at the tag of the
pinned extension, and prints what differs from tools/cline-source/record.tsv. Exit code 1 when anything
does. --write renews the record.
`;

/** The record as the checkout has it. @throws Error where git has no such tag. */
function recordOf(checkout: string, tag: string): SourceRecord {
  const git = (...args: readonly string[]): string | undefined => {
    try {
      return execFileSync("git", ["-C", checkout, ...args], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        maxBuffer: 2 ** 26,
      });
    } catch {
      return undefined;
    }
  };
  const commit = git("rev-parse", "--verify", `${tag}^{commit}`)?.trim();
  if (commit === undefined) throw new Error(`${checkout}: found no tag ${tag}; fetch the tags of Cline's repository`);
  const texts = new Map<string, string | undefined>();
  const source = (file: string) => {
    if (!texts.has(file)) texts.set(file, git("show", `${commit}:${file}`));
    return texts.get(file);
  };
  return { tag, commit, rows: readRecord().rows.map((row) => readAgain(source, row)) };
}

/** Lines that differ: the record's with `-`, the source's with `+`. */
function difference(before: SourceRecord, after: SourceRecord): string[] {
  const [old, now] = [before, after].map((record) => recordText(record).trimEnd().split("\n"));
  return (old ?? []).flatMap((text, at) => (text === now?.[at] ? [] : [`- ${text}`, `+ ${now?.[at] ?? ""}`]));
}

function main(): void {
  const options = { write: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [checkout] = positionals;
  if (values.help || checkout === undefined) {
    process.stdout.write(help);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const found = recordOf(checkout, `v${workspaceReleases.clineExtension}`);
  const lines = difference(readRecord(), found);
  process.stdout.write(
    lines.length === 0 ? `${found.tag}: as recorded, ${String(found.rows.length)} keys\n` : `${lines.join("\n")}\n`,
  );
  if (values.write) writeFileSync(recordFile, recordText(found));
  else if (lines.length > 0) process.exitCode = 1;
}

try {
  main();
} catch (fault) {
  process.stderr.write(`${fault instanceof Error ? fault.message : String(fault)}\n`);
  process.exitCode = 2;
}
