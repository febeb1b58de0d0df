import { LineCounter, parseDocument, visit, type Document } from "yaml";
import { type Fault, looksSecret, pathText, type PlaceFault } from "./faults";
import { repaired } from "./repair";
import { type DepartmentFile, departmentFile, type PlatformFile, platformFile } from "./schema";
import { concernOf, schemaFaults } from "./schema-faults";

interface Read {
  /** The stack's name: a department's name is this. */
  readonly stack: string;
  /** Path from the project's root. */
  readonly file: string;
  /** A fault of this file, placed on its line. */
  readonly fault: PlaceFault;
}

/** A platform's file: every key well formed; what was not has a fault and was left out or replaced by something harmless. */
export interface PlatformStack extends Read {
  readonly kind: "platform";
  readonly config: PlatformFile["config"];
  readonly top: Omit<PlatformFile, "config">;
}

/** A department's file, likewise. */
export interface DepartmentStack extends Read {
  readonly kind: "department";
  readonly config: DepartmentFile["config"];
  readonly top: Omit<DepartmentFile, "config">;
}

export type AnyStack = PlatformStack | DepartmentStack;

/** A file as read: `stack` is absent when nothing of it can be understood. */
export interface ReadResult {
  readonly stack?: AnyStack;
  readonly faults: readonly Fault[];
}

/** Reads one stack file. Faults of its own only; what concerns several files is in checks/. */
export function readStackFile(stack: string, file: string, text: string): ReadResult {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
  });
  const syntax = [...document.errors, ...document.warnings].map(({ message, pos }): Fault => {
    const { line, col } = lines.linePos(pos[0]);
    const found = `something that is not YAML (${firstLine(message)})`;
    const path = `line ${line}, column ${col}`;
    return { file, path, found, allowed: "YAML 1.2", next: "correct the line", line, concern: "sums" };
  });
  if (syntax.length > 0) return { faults: syntax };

  const read: Read = {
    stack,
    file,
    fault: (path, found, allowed, next, concern) => ({
      file,
      path: pathText(path),
      found,
      allowed,
      next,
      line: lineOf(document, lines, path),
      ...(concern ? { concern } : {}),
    }),
  };
  const scalars = scalarFaults(document, read);
  const raw = plain(document);
  if (!isMap(raw) || !isMap(raw["config"])) {
    const fault = read.fault(
      ["config"],
      "no mapping",
      "the stack's configuration",
      "copy a stack file that works",
      "sums",
    );
    return { faults: [...scalars, fault] };
  }
  const kind = "cline:platform" in raw["config"] ? "platform" : "department";
  const schema = kind === "platform" ? platformFile : departmentFile;
  const faults = onePerPath([
    ...scalars,
    ...schemaFaults(schema, raw, { ...read, ...askFor(kind, stack, raw["config"]) }),
  ]);
  const value = repaired(kind, schema, raw);
  if (!value) return { faults };
  const { config, ...top } = value;
  return { stack: { ...read, kind, config, top } as AnyStack, faults };
}

/** The document's value; undefined when its aliases multiply beyond all reason. */
function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Of several faults of one value, the first: the text's own before the schema's. */
function onePerPath(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>();
  return faults.filter(({ path }) => !seen.has(path) && seen.add(path));
}

/** Whom a department's lead asks for more. */
function askFor(kind: string, stack: string, config: Record<string, unknown>): { ask?: string } {
  const platform = config["cline:sharedFrom"];
  if (kind === "platform" || typeof platform !== "string") return {};
  return { ask: `ask for it in caps.${stack} of stacks/Pulumi.${platform.slice(0, 20)}.yaml` };
}

const firstLine = (message: string) => message.split("\n", 1)[0] ?? message;

/** What only the text shows: keys that stand twice, dates without quotation marks, encrypted values, credentials. */
function scalarFaults(document: Document, read: Read): Fault[] {
  const faults: Fault[] = [];
  const at = (ancestors: readonly unknown[], key: unknown) => pathOf(ancestors, key);
  visit(document, {
    Map(key, map, ancestors) {
      const seen = new Set<string>();
      // The first of two stays, so that the second hides nothing.
      map.items = map.items.filter((pair) => {
        const name = String((pair.key as { value?: unknown } | null)?.value);
        const path = [...at(ancestors, key), name];
        if (seen.has(name)) {
          const next = "keep one of the two";
          faults.push(read.fault(path, "the same key a second time", "each key once", next, concernOf(pathText(path))));
        } else if (name === "__proto__") {
          // zod passes over it in silence.
          faults.push(read.fault(path, "an unknown key", "other names", "remove it"));
        }
        return !seen.has(name) && seen.add(name);
      });
    },
    Pair(_, pair, ancestors) {
      const name = (pair.key as { value?: unknown } | null)?.value;
      if (name !== "secure") return undefined;
      faults.push(
        read.fault(
          at([...ancestors, pair], null),
          "an encrypted value (not shown)",
          "no secret in a stack file, encrypted or not",
          "remove it: every secret is made by the program and lives in AWS Secrets Manager",
        ),
      );
      return visit.SKIP;
    },
    Scalar(key, node, ancestors) {
      if (key === "key" || typeof node.value !== "string") return;
      if (node.type === "PLAIN" && /^\d{4}-\d{1,2}-\d{1,2}/.test(node.value)) {
        const next = `write "${node.value}"`;
        faults.push(
          read.fault(at(ancestors, key), `${node.value} without quotation marks`, "a date in quotation marks", next),
        );
      }
      const path = at(ancestors, key);
      if (looksSecret(node.value) && path.length > 1) {
        const next = "remove it, and revoke it if it was ever committed";
        faults.push(
          read.fault(path, "something that looks like a credential (not shown)", "no secret in a stack file", next),
        );
      }
    },
  });
  return faults;
}

/** Path of a node from what `visit` knows: pairs give names, sequences positions. */
function pathOf(ancestors: readonly unknown[], key: unknown): PropertyKey[] {
  const path: PropertyKey[] = [];
  ancestors.forEach((node, depth) => {
    const child = ancestors[depth + 1];
    const { items, key: name } = node as { items?: readonly unknown[]; key?: { value?: unknown } };
    if (name) path.push(String(name.value));
    const position = items && !isPair(items[0]) ? (child === undefined ? Number(key) : items.indexOf(child)) : -1;
    if (position >= 0) path.push(position);
  });
  return path;
}

const isPair = (node: unknown) => typeof node === "object" && node !== null && "key" in node;

/** Line of the value at `path`, or of the nearest thing above it that exists. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
