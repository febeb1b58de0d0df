import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file of a machine. */
export interface MachineFile {
  readonly path: string;
  /** Octal, e.g. `0700`. */
  readonly permissions: string;
  readonly content: string;
}

export const machineFile = (path: string, content: string, permissions = "0644"): MachineFile => ({
  path,
  permissions,
  content,
});

/** The lines of a unit or a settings file. */
export const lines = (...text: readonly string[]): string => `${text.join("\n")}\n`;

/** What a unit says goes to a file that is shipped. */
export const logged = (name: string): readonly string[] => [
  `StandardOutput=append:/var/log/cline/${name}.log`,
  `StandardError=append:/var/log/cline/${name}.log`,
];

/**
 * A shell script without its comments, because EC2 limits the bytes. shellcheck's directives stay.
 */
export const withoutComments = (script: string): string => script.replaceAll(/^ *# (?!shellcheck ).*\n/gm, "");

/** A script of `files/`. */
export function script(name: string): string {
  const text = readFileSync(join(__dirname, "files", name), "utf8");
  return name.endsWith(".sh") ? withoutComments(text) : text;
}
