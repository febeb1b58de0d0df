import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkAll } from "./checks";
import { peopleIn } from "./checks/networks";
import { checkDeployment } from "./checks/deployment";
import { type Fault, StackFilesError } from "./faults";
import type { StackSpec } from "./model";
import { nearest } from "./nearest";
import { planNotes } from "./notes";
import { accountDemand, type QuotaNeed, quotaNeeds } from "./quotas";
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

/** Departments whose own file and platform's file have no fault. */
export interface SoundDepartments {
  readonly departments: readonly StackSpec[];
  /** Every fault of every file. */
  readonly faults: readonly Fault[];
}

/** What a developer needs of a project in which others are at work: a fault in their files stops nobody else. */
export function loadSoundDepartments(root: string): SoundDepartments {
  const files = readStackFiles(root);
  refuse(Object.keys(files).length === 0 ? [noFile] : []);
  const { set, faults } = examine(files);
  const faulty = new Set(faults.map(({ file }) => file));
  const sound = set.departments.filter((department) => {
    const platform = set.platformOf(department);
    return platform !== undefined && !faulty.has(department.file) && !faulty.has(platform.file);
  });
  return { departments: sound.map((department) => resolveStack(department, set)), faults };
}

/**
 * One stack of the project, checked against all files. @throws StackFilesError with every fault.
 */
export function loadStack(root: string, stack: string, options: LoadOptions = {}): StackSpec {
  return loadStackFile(readStackFiles(root), stack, options);
}

/**
 * Number of developers whose homes stand in the network of one stack. It is no part of the stack's
 * spec: a person who joins changes nothing of the platform.
 */
export function peopleInNetwork(root: string, stack: string): number {
  const { set, stacks } = examine(readStackFiles(root));
  const own = stacks.find((each) => each.stack === stack);
  return own ? peopleIn(own, set) : 0;
}

/** The stack files of a project's folder, and misnamed files that look like one. */
export function readStackFiles(root: string): StackFiles {
  const folder = join(root, stacksFolder);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** A project without a stack file, which would pass every check. */
const noFile: Fault = {
  file: stacksFolder,
  path: "folder",
  found: "no stack file",
  allowed: "one for each platform and department, Pulumi.STACK.yaml",
  next: "run this in a clone with its stacks/, or copy a stack file into it",
  line: 0,
};

/** Like loadStacks, over files in memory. */
export function loadStackFiles(files: StackFiles): readonly StackSpec[] {
  const { set, stacks, faults } = examine(files);
  refuse(Object.keys(files).length === 0 ? [noFile] : faults);
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

/**
 * Quotas that all stacks of an account and region need together. Faulty files count as far as they
 * can be read.
 */
export function loadQuotaNeeds(root: string, accountId: string, region: string): QuotaNeed[] {
  return quotaNeeds(accountDemand(examine(readStackFiles(root)).set, accountId, region));
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
  const unread: string[] = [];
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
    else unread.push(stackName);
  }
  const set = stackSet(stacks, unread);
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
