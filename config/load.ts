import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkAll } from "./checks";
import { checkDeployment } from "./checks/deployment";
import { type Fault, StackFilesError } from "./faults";
import type { StackSpec } from "./model";
import { nearest } from "./nearest";
import { planNotes } from "./notes";
import { resolveStack } from "./resolve";
import { type AnyStack, readStackFile } from "./stack-file";
import { stackNameFault } from "./stack-name";
import { stackSet, type StackSet } from "./stack-set";

/** Stack files as text, by file name: `Pulumi.engineering.yaml`. */
export type StackFiles = Readonly<Record<string, string>>;

/**
 * Folder of the stack files, from the project's root; Pulumi.yaml's stackConfigDir says the same.
 */
export const stacksFolder = "stacks";

export interface LoadOptions {
  /**
   * True in a real `up`. Sample images and an expired attestation are then refused. A fault in
   * another department's file stops the `up` only when it concerns sums, people or networks.
   * Default false: every fault of every file stops, and the result does not depend on the date.
   */
  readonly deploying?: boolean;
  /** ISO date (UTC) that an `up` compares end dates with. Default: the clock's. */
  readonly today?: string;
}

/**
 * Every stack of the project, sorted by name. @throws StackFilesError with every fault of every
 * file.
 */
export function loadStacks(root: string): readonly StackSpec[] {
  return loadStackFiles(readStackFiles(root));
}

/**
 * One stack of the project, checked against all files. @throws StackFilesError with every fault.
 */
export function loadStack(root: string, stack: string, options: LoadOptions = {}): StackSpec {
  return loadStackFile(readStackFiles(root), stack, options);
}

/** The stack files of a project's folder, and misnamed files that look like one. */
export function readStackFiles(root: string): StackFiles {
  const folder = join(root, stacksFolder);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** Like loadStacks, over files in memory. */
export function loadStackFiles(files: StackFiles): readonly StackSpec[] {
  const { set, stacks, faults } = examine(files);
  refuse(faults);
  return stacks.map((stack) => withNotes(resolveStack(stack, set), set));
}

/** Like loadStack, over files in memory. */
export function loadStackFile(files: StackFiles, name: string, options: LoadOptions = {}): StackSpec {
  const today = options.deploying ? (options.today ?? new Date().toISOString().slice(0, 10)) : undefined;
  const { set, stacks, faults } = examine(files, today);
  const stack = stacks.find((each) => each.stack === name);
  const own = `${stacksFolder}/Pulumi.${name}.yaml`;
  const platform = stack?.kind === "department" ? set.platformOf(stack) : undefined;
  refuse(
    today === undefined
      ? faults
      : faults.filter(({ file, concern }) => concern !== undefined || file === own || file === platform?.file),
  );
  if (!stack) {
    const known = stacks.map((each) => each.stack);
    const near = nearest(name, known);
    const next = near === undefined ? "copy a stack file to it" : `did you mean ${near}?`;
    const allowed = `a stack file; there are ${known.join(", ")}`;
    throw new StackFilesError([{ file: own, path: "file", found: "nothing", allowed, next, line: 0 }]);
  }
  if (today !== undefined) refuse(checkDeployment(stack, set, today));
  return withNotes(resolveStack(stack, set), set, today);
}

function withNotes(spec: StackSpec, set: StackSet, today?: string): StackSpec {
  return { ...spec, notes: planNotes(spec, set, today) };
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new StackFilesError(faults);
}

/**
 * Reads and checks every file. Faults are sorted by file and line; a value that is refused itself
 * has no further faults.
 */
function examine(files: StackFiles, today?: string): { stacks: AnyStack[]; set: StackSet; faults: Fault[] } {
  const faults: Fault[] = [];
  const stacks: AnyStack[] = [];
  const named = Object.keys(files).map((name) => ({
    name,
    stackName: name.slice("Pulumi.".length, name.lastIndexOf(".")),
  }));
  for (const { name, stackName } of named.sort((a, b) => compare(a.stackName, b.stackName))) {
    const file = `${stacksFolder}/${name}`;
    const nameFault = stackNameFault(file, name, stackName);
    if (nameFault) {
      faults.push(nameFault);
      continue;
    }
    const result = readStackFile(stackName, file, files[name] ?? "");
    faults.push(...result.faults);
    if (result.stack) stacks.push(result.stack);
  }
  const set = stackSet(stacks);
  const refused = new Set(faults.map(({ file, path }) => `${file} ${path}`));
  const further = checkAll(set, today).filter(
    ({ file, path }) => !above(path).some((each) => refused.has(`${file} ${each}`)),
  );
  return { stacks, set, faults: [...faults, ...further].sort(byPlace) };
}

/** A path and all its parents. */
function above(path: string): string[] {
  return [path, ...[...path.matchAll(/[.[]/g)].map(({ index }) => path.slice(0, index))];
}

function byPlace(a: Fault, b: Fault): number {
  return compare(a.file, b.file) || a.line - b.line || compare(a.path, b.path);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
