import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readStackFiles, type StackFiles } from "../../config";

/** The repository's folder. */
export const root = path.resolve(__dirname, "../..");

/**
 * The folder whose `stacks/` holds the tests' own stack files: the platform `platform`, the
 * departments `engineering` (six developers) and `data-science` (three).
 */
export const fixtures = path.join(root, "tests/fixtures");

/** The tests' own stack files as text, by file name. */
export const fixtureStacks = (): StackFiles => readStackFiles(fixtures);

/** Linked: packages, and folders whose modules do not depend on the project's folder. */
const linked = ["node_modules", "bootstrap", "config", "components", "functions", "policy-pack", "package-lock.json"];
/** Copied: the program and the commands use their own folder as the project's. */
const copied = ["index.ts", "compose.ts", "cli", "offline", "reports", "Pulumi.yaml", "package.json", "tsconfig.json"];

/** The project with other stack files, in a temporary folder that the caller removes. */
export interface TestProject {
  /** Absolute path of the folder. */
  readonly root: string;
  readonly remove: () => void;
}

/** Makes a project of the repository's code and the given stack files, file name → text. */
export function testProject(files: StackFiles): TestProject {
  const folder = mkdtempSync(path.join(tmpdir(), "cline-project-"));
  for (const name of linked) symlinkSync(path.join(root, name), path.join(folder, name));
  for (const name of copied) cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  mkdirSync(path.join(folder, "stacks"));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, "stacks", name), text);
  return { root: folder, remove: () => rmSync(folder, { recursive: true }) };
}
