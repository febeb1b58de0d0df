import { type Document, LineCounter, parseDocument } from "yaml";
import { type Concern, type Fault, pathText, type PlaceFault } from "./faults";
import { type Known, known } from "./known";
import { type DepartmentFile, departmentFile, type PlatformFile, platformFile } from "./schema";
import { concernAt } from "./schema/nodes";
import { schemaFaults } from "./schema-faults";
import { textFaults } from "./text-faults";

interface Read {
  /** The stack's name, which is also the department's name. */
  readonly stack: string;
  /** Path from the project's root. */
  readonly file: string;
  /** A fault of this file, placed on its line. */
  readonly fault: PlaceFault;
}

interface Contents<File extends { config: object }> {
  /** The configuration without its faulty parts, for checks across keys and files. */
  readonly config: Known<File["config"]>;
  /** The keys that `pulumi stack init` wrote beside it. */
  readonly top: Known<Omit<File, "config">>;
  /** The file when its schema has no fault; see {@link faultless}. */
  readonly whole: File | undefined;
}

/** A platform's file. */
export interface PlatformStack extends Read, Contents<PlatformFile> {
  readonly kind: "platform";
}

/** A department's file. */
export interface DepartmentStack extends Read, Contents<DepartmentFile> {
  readonly kind: "department";
}

export type AnyStack = PlatformStack | DepartmentStack;

/**
 * The configuration of a stack whose faults have been refused. @throws Error when they have not.
 */
export function faultless<Stack extends AnyStack>(stack: Stack): NonNullable<Stack["whole"]>["config"] {
  if (!stack.whole) throw new Error(`${stack.file} has faults`);
  return stack.whole.config;
}

/** A file as read: `stack` is absent when no part of it can be parsed. */
export interface ReadResult {
  readonly stack?: AnyStack;
  readonly faults: readonly Fault[];
}

/** Reads one stack file. Only its own faults; checks/ holds checks over several files. */
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

  const fault: PlaceFault = (path, found, allowed, next, concern) => ({
    file,
    path: pathText(path),
    found,
    allowed,
    next,
    line: lineOf(document, lines, path),
    ...(concern ? { concern } : {}),
  });
  const inText = textFaults(document, fault);
  const raw = plain(document);
  const config = isMap(raw) ? raw["config"] : undefined;
  if (!isMap(raw) || !isMap(config)) {
    const none = fault(["config"], "no mapping", "the stack's configuration", "copy a stack file that works", "sums");
    return { faults: [...inText.map((each) => each.fault), none] };
  }
  const kind = "cline:platform" in config ? "platform" : "department";
  const schema = kind === "platform" ? platformFile : departmentFile;
  const result = schema.safeParse(raw);
  const issues = result.error?.issues ?? [];
  const ask = kind === "platform" ? {} : askFor(stack, config);
  const faults = onePerPath([
    ...inText.map((each) => (each.isDouble ? withConcern(each.fault, concernAt(schema, each.path)) : each.fault)),
    ...schemaFaults(schema, raw, issues, { fault, ...ask }),
  ]);
  const { config: settings = {}, ...top } = known<PlatformFile | DepartmentFile>(schema, raw, issues);
  return { stack: { stack, file, fault, kind, config: settings, top, whole: result.data } as AnyStack, faults };
}

const withConcern = (fault: Fault, concern: Concern | undefined): Fault => (concern ? { ...fault, concern } : fault);

/** The document's value; undefined when its aliases expand beyond the limit. */
function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The first of several faults of one value: the text's own precede the schema's. */
function onePerPath(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>();
  return faults.filter(({ path }) => !seen.has(path) && seen.add(path));
}

/** The place where a department's lead requests more. */
function askFor(stack: string, config: Record<string, unknown>): { ask?: string } {
  const platform = config["cline:sharedFrom"];
  if (typeof platform !== "string") return {};
  return { ask: `ask for it in caps.${stack} of stacks/Pulumi.${platform.slice(0, 20)}.yaml` };
}

const firstLine = (message: string) => message.split("\n", 1)[0] ?? message;

/** Line of the value at `path`, or of its nearest existing parent. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
