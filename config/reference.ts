import { z } from "zod";
import { departmentFile, platformFile } from "./schema";
import { type About, abouts, required } from "./schema/setting";

/** One key of a stack file, for the reference tables. */
export interface KeyRow {
  /**
   * Path as faults print it, with ID or NAME for names that the file's author chooses and [] for
   * list elements.
   */
  readonly path: string;
  readonly about: About;
  readonly required: boolean;
}

/**
 * Every key of a kind of stack file, in the schema's order. The list's text covers the elements of
 * plain lists.
 */
export function keyRows(kind: "platform" | "department"): KeyRow[] {
  const file = kind === "platform" ? platformFile : departmentFile;
  return Object.entries(file.shape as Record<string, z.ZodType>).flatMap(([name, node]) =>
    name === "config" ? childRows("", node) : rowsOf(name, node),
  );
}

function rowsOf(path: string, schema: z.ZodType): KeyRow[] {
  const node = required(schema);
  const about = abouts.get(node);
  if (!about) throw new Error(`the schema says nothing about ${path}`);
  return [{ path, about, required: node === schema }, ...childRows(path, node)];
}

function childRows(path: string, node: z.ZodType): KeyRow[] {
  if (node instanceof z.ZodObject) {
    const prefix = path === "" ? "" : `${path}.`;
    return Object.entries(node.shape as Record<string, z.ZodType>).flatMap(([name, child]) =>
      rowsOf(`${prefix}${name}`, child),
    );
  }
  if (node instanceof z.ZodRecord) {
    return rowsOf(`${path}.${path.endsWith("caps") ? "NAME" : "ID"}`, node.valueType as z.ZodType);
  }
  const element = node instanceof z.ZodArray ? (node.element as z.ZodType) : undefined;
  return element instanceof z.ZodObject ? childRows(`${path}[]`, element) : [];
}

/** The reference tables of docs/stack-files.md, as Markdown. */
export function referenceMarkdown(): string {
  const table = (kind: "platform" | "department") =>
    [
      "| key | meaning | allowed | default | example |",
      "| --- | --- | --- | --- | --- |",
      ...keyRows(kind).map(({ path, about }) => {
        const fallback = about.fallback ?? "**required**";
        const cells = [`\`${path}\``, about.meaning, about.allowed, fallback, `\`${JSON.stringify(about.example)}\``];
        return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
      }),
    ].join("\n");
  return `### A platform's file\n\n${table("platform")}\n\n### A department's file\n\n${table("department")}\n`;
}

const [begin, end] = ["<!-- keys: npm run schema -->", "<!-- /keys -->"];

/**
 * `text` with the part between the markers replaced by the reference. @throws Error when the
 * markers are missing.
 */
export function withReference(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${begin} and ${end} are missing`);
  return `${text.slice(0, from + begin.length)}\n\n${referenceMarkdown()}\n${text.slice(to)}`;
}
