import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { formats } from "../reports";
import { UsageError } from "./usage";

/** One format of the document and its destination. */
export interface Target {
  readonly format: string;
  /** Absent: standard output. */
  readonly file?: string;
}

interface TargetValues {
  readonly json?: boolean | undefined;
  readonly format?: readonly string[] | undefined;
  readonly out?: string | undefined;
}

/**
 * Destinations of the document. Each `--format FORMAT=FILE` is written to its file. At most one
 * FORMAT without a file is written to standard output or to `--out FILE`. Without any format: text.
 * Files are checked before the work starts.
 * @throws UsageError that lists every fault
 */
export function targetsOf({ json = false, format = [], out }: TargetValues): readonly Target[] {
  const given = format.map(targetOf);
  const bare = [...given.filter(({ file }) => file === undefined), ...(json ? [{ format: "json" }] : [])];
  const toFiles = given.filter(({ file }) => file !== undefined);
  if (given.length === 0 && !json) bare.push({ format: "text" });
  const [first] = bare;
  const targets = [...toFiles, ...(first ? [{ ...first, ...(out !== undefined && { file: out }) }] : [])];
  const faults = [
    ...targets.flatMap((target) => formatFaults(target.format)),
    ...(bare.length > 1
      ? [`--format: found ${listed(bare)} without a file; allowed one; write --format FORMAT=FILE for the others`]
      : []),
    ...(first === undefined && out !== undefined
      ? [`--out: found ${out}, and every format has a file; allowed with one format without a file; leave it out`]
      : []),
    ...sameFiles(targets),
    ...targets.flatMap(({ file }) => (file === undefined ? [] : fileFaults(file))),
  ];
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  return targets;
}

function targetOf(text: string): Target {
  const at = text.indexOf("=");
  return at < 0 ? { format: text } : { format: text.slice(0, at), file: text.slice(at + 1) };
}

const listed = (targets: readonly Target[]): string => targets.map(({ format }) => format).join(" and ");

const formatFaults = (format: string): string[] =>
  formats.includes(format) ? [] : [`--format: found ${format}; allowed ${formats.join(", ")}`];

function sameFiles(targets: readonly Target[]): string[] {
  const files = targets.flatMap(({ file }) => (file ? [path.resolve(file)] : []));
  const twice = new Set(files.filter((file, at) => files.indexOf(file) !== at));
  return [...twice].map((file) => `--format: found ${path.basename(file)} twice; allowed one format a file`);
}

/** The reason why a file cannot be written. */
function fileFaults(file: string): string[] {
  const fault = (found: string, next: string): string[] => [
    `--format, --out: found ${file === "" ? "no file's name" : file}, ${found}; allowed a file that can be written; ${next}`,
  ];
  if (file === "") return fault("after the =", "write --format FORMAT=FILE");
  const folder = path.dirname(file);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return fault(`whose folder ${folder} does not exist`, `make the folder first`);
  const existing = statSync(file, { throwIfNoEntry: false });
  if (existing?.isDirectory()) return fault("which is a folder", "name a file in it");
  try {
    accessSync(existing ? file : folder, constants.W_OK);
    return [];
  } catch {
    return fault("which this user may not write", "name another");
  }
}
