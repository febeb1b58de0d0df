import { mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { replaceFile } from "./file";
import { ConnectFault } from "./surroundings";

/** Lines that this command keeps in a file of the person's, between two marks. */
export interface Block {
  readonly file: string;
  /** Of the marks: one block for each person. */
  readonly name: string;
  readonly lines: readonly string[];
  /** Where a new block goes. ssh takes the first value that it finds. */
  readonly place: "first" | "last";
}

const owner = "cline-landing-zone";

/** The block's lines between its marks. */
export function blockText({ name, lines }: Block): string {
  const [begin, end] = marks(name);
  return [begin, ...lines, end, ""].join("\n");
}

const marks = (name: string): readonly [string, string] => [
  `# >>> ${owner} ${name}: lines down to the next mark are rewritten`,
  `# <<< ${owner} ${name}`,
];

/** The lines of every block in a file's text. */
export function ownLines(text: string): readonly string[] {
  let name: string | undefined;
  return text.split(/\r?\n/).flatMap((line) => {
    const begun = new RegExp(`^# >>> ${owner} (\\S+): `).exec(line)?.[1];
    if (begun !== undefined) name = begun;
    else if (name !== undefined && line === marks(name)[1]) name = undefined;
    else if (name !== undefined) return [line];
    return [];
  });
}

/**
 * A file's bytes with the block in it, as {@link textOf} reads them. An older form of the block is
 * replaced where it stands; nothing else changes.
 * @throws ConnectFault where a mark is missing, doubled or out of order
 */
export function withBlock(text: string, block: Block): string {
  const [begin, end] = marks(block.name);
  const lines = text.split("\n");
  const found = [begin, end].map((mark) => lines.flatMap((line, at) => (line.replace(/\r$/, "") === mark ? [at] : [])));
  const [[from, ...more] = [], [to, ...others] = []] = found;
  if (from === undefined && to === undefined) return added(text, block);
  if (from === undefined || to === undefined || from > to || more.length > 0 || others.length > 0)
    throw new ConnectFault(
      `${block.file}: found the marks of ${block.name} incomplete, or twice; allowed one begin before one end; delete these lines, then run this again`,
    );
  const kept = [...lines.slice(0, from), ...bytesOf(blockText(block)).split("\n").slice(0, -1), ...lines.slice(to + 1)];
  return kept.join("\n");
}

/** What {@link withBlock} gives, without the block. */
export const withoutBlock = (text: string, block: Block): string =>
  withBlock(text, block).replace(bytesOf(blockText(block)), "");

function added(text: string, block: Block): string {
  const own = bytesOf(blockText(block));
  if (text === "") return own;
  if (block.place === "first") return `${own}\n${text}`;
  return `${text}${text.endsWith("\n") ? "" : "\n"}\n${own}`;
}

/** A file's bytes, a character each; empty where there is none. The person's file may be in any encoding. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new ConnectFault(`${file}: cannot be read: ${(error as Error).message}; look at its mode and owner`);
  }
}

/** UTF-8 as {@link textOf} reads it. */
const bytesOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/** Writes {@link textOf}'s bytes in one step. The file keeps its mode, and a link to it stays one; a new one is readable by this user alone. */
export function rewrite(file: string, text: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const [target, mode] = existing(file) ?? [file, 0o600];
    replaceFile(target, Buffer.from(text, "latin1"), mode);
  } catch (error) {
    throw new ConnectFault(`${file}: cannot be written: ${(error as Error).message}; nothing has changed there`);
  }
}

function existing(file: string): [string, number] | undefined {
  try {
    return [realpathSync(file), statSync(file).mode & 0o7777];
  } catch {
    return undefined;
  }
}
