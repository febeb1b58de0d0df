import { inspect } from "node:util";
import { looksSecret } from "./credentials";

/**
 * Facts across files that a fault makes uncertain: those stop a deployment even when the file is
 * another department's.
 */
export type Concern = "sums" | "people" | "networks";

/** One fault in one stack file. */
export interface Fault {
  /** Path of the file from the project's root. */
  readonly file: string;
  /**
   * Path in the file, e.g. `cline:department.developers.suzuki.models[1]`, or `line 3, column 5`
   * where it cannot be read.
   */
  readonly path: string;
  /** The value, rendered by `shown`, or a description of it. */
  readonly found: string;
  readonly allowed: string;
  /** The next step. */
  readonly next: string;
  /** Line of the file, from 1; 0 when the file is missing. */
  readonly line: number;
  readonly concern?: Concern;
}

/** Creates a fault of one file, on its line. */
export type PlaceFault = (
  path: readonly PropertyKey[],
  found: string,
  allowed: string,
  next: string,
  concern?: Concern,
) => Fault;

/** `file  path: found X; allowed Y; next step`. */
export function faultLine({ file, path, found, allowed, next }: Fault): string {
  return `${file}  ${path}: found ${found}; allowed ${allowed}; ${next}`;
}

/**
 * Renders a path: names joined by dots, list positions in brackets. It omits `config`, because
 * users know the keys without it.
 */
export function pathText(path: readonly PropertyKey[]): string {
  const [first, ...rest] = path;
  const parts = first === "config" && rest.length > 0 ? rest : path;
  return parts
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at ? "." : ""}${visible(String(part))}`))
    .join("");
}

/**
 * A text without characters that move the cursor, end a line or reverse the reading direction: each
 * becomes its escape, `\\u{a}`. A key of a stack file is anybody's text, and a message with it goes
 * to logs, terminals and comments.
 */
export const visible = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`);

/** A value for a message: JSON, cut to 60 characters, without anything that looks like a secret. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "object" && "secure" in value) return "an encrypted value (not shown)";
  const json = visible(JSON.stringify(value));
  if (looksSecret(json)) return "something that looks like a credential (not shown)";
  return json.length > 60 ? `${json.slice(0, 57)}…${json.startsWith('"') ? '"' : ""}` : json;
}

/**
 * Every fault of the stack files, as one error. Pulumi prints only its message, because it carries
 * the mark of pulumi.RunError (this folder imports no Pulumi). An uncaught throw prints the same:
 * inspecting a source-mapped stack would take seconds and hide the list.
 */
export class StackFilesError extends Error {
  readonly __pulumiRunError = true;

  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(faultLine).join("\n"));
    this.name = "StackFilesError";
    this.stack = this.message;
  }

  [inspect.custom](): string {
    return this.message;
  }
}
