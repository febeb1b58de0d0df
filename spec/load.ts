import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Fault, StackFilesError } from "./faults";
import type { StackSpec } from "./model";
import { resolveStack } from "./resolve";
import { type AnyStack, readStackFile } from "./stack-file";
import { stackSet } from "./stack-set";

/** Stack files as text, by file name: `Pulumi.engineering.yaml`. */
export type StackFiles = Readonly<Record<string, string>>;

/** Folder of the stack files, from the project's root; Pulumi.yaml's stackConfigDir says the same. */
export const stacksFolder = "stacks";

export interface LoadOptions {
  /**
   * True in a real `up`: sample images are refused, and a fault in another department's file stops only when sums, people or networks are
   * concerned. Default false: every fault of every file stops.
   */
  readonly deploying?: boolean;
}

/** Every stack of the project, sorted by name. @throws StackFilesError with every fault of every file. */
export function loadStacks(root: string): readonly StackSpec[] {
  return loadStackFiles(readStackFiles(root));
}

/** One stack of the project, checked against all files. @throws StackFilesError with every fault. */
export function loadStack(root: string, stack: string, options: LoadOptions = {}): StackSpec {
  return loadStackFile(readStackFiles(root), stack, options);
}

/** The stack files of a project's folder. */
export function readStackFiles(root: string): StackFiles {
  const folder = join(root, stacksFolder);
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.startsWith("Pulumi."))
        .sort()
    : [];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** Like loadStacks, over files in memory. */
export function loadStackFiles(files: StackFiles): readonly StackSpec[] {
  const { stacks, faults } = examine(files);
  if (faults.length > 0) throw new StackFilesError(faults);
  const set = stackSet(stacks);
  return stacks.map((stack) => resolveStack(stack, set));
}

/** Like loadStack, over files in memory. */
export function loadStackFile(files: StackFiles, name: string, _options: LoadOptions = {}): StackSpec {
  const { stacks, faults } = examine(files);
  if (faults.length > 0) throw new StackFilesError(faults);
  const stack = stacks.find((each) => each.stack === name);
  if (!stack) throw new Error(name);
  return resolveStack(stack, stackSet(stacks));
}

function examine(files: StackFiles): { stacks: AnyStack[]; faults: Fault[] } {
  const results = Object.entries(files).map(([name, text]) =>
    readStackFile(name.replace(/^Pulumi\.|\.yaml$/g, ""), `${stacksFolder}/${name}`, text),
  );
  return { stacks: results.flatMap(({ stack }) => stack ?? []), faults: results.flatMap(({ faults }) => faults) };
}
