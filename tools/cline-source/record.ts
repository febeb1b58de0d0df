import { readFileSync } from "node:fs";
import path from "node:path";
import { finders, type Found, type Source } from "./finders";

/** One key that workspaces write, as the extension's source has it. */
export interface Row extends Found {
  /** The file, variable or kind of name that it belongs to. */
  readonly store: string;
  readonly key: string;
}

/** What the extension's source said of every key, at a tag. */
export interface SourceRecord {
  readonly tag: string;
  readonly commit: string;
  readonly rows: readonly Row[];
}

export const recordFile = path.join(__dirname, "record.tsv");
const columns = ["store", "key", "place", "type", "initial"] as const;

/** @throws Error for a file without its head. */
export function parseRecord(text: string): SourceRecord {
  const [head = "", names, ...lines] = text.trimEnd().split("\n");
  const [, tag = "", commit = ""] = /^# (\S+) ([0-9a-f]{40})$/.exec(head) ?? [];
  if (tag === "" || names !== columns.join("\t"))
    throw new Error(`${recordFile}: found another head than "# TAG COMMIT" and the names ${columns.join(", ")}`);
  const rows = lines.map((line) => {
    const [store = "", key = "", place = "", type = "", initial = ""] = line.split("\t");
    return { store, key, place, type, initial };
  });
  return { tag, commit, rows };
}

export const recordText = ({ tag, commit, rows }: SourceRecord): string =>
  [
    `# ${tag} ${commit}`,
    columns.join("\t"),
    ...rows.map((row) => columns.map((name) => row[name]).join("\t")),
    "",
  ].join("\n");

export const readRecord = (): SourceRecord => parseRecord(readFileSync(recordFile, "utf8"));

/** A recorded key, read again; a place of `gone` where the source has it no more. */
export function readAgain(source: Source, { store, key }: Pick<Row, "store" | "key">): Row {
  const found = finders[store]?.(source, key);
  return { store, key, ...(found ?? { place: "gone", type: "-", initial: "-" }) };
}
