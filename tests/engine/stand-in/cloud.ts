import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** One call that the engine made of a provider. No property values: they may be secret. */
export interface Call {
  readonly rpc: "check" | "diff" | "create" | "read" | "update" | "delete" | "invoke" | "construct";
  /** The resource's URN; the function's token for `invoke`. */
  readonly urn: string;
  readonly preview: boolean;
  /** Properties whose change made `diff` ask for a replacement. */
  readonly replaces?: readonly string[];
}

/** A thing that stands in the cloud. */
export interface Thing {
  readonly type: string;
  /** ARN, or id where the type has no ARN: one of its kind in the account. */
  readonly key: string;
  readonly urn: string;
  /** How many were made less how many were deleted: two while a replacement stands beside what it replaces. */
  readonly copies: number;
}

/** What a drill asks of the providers. */
export interface Drill {
  /** The creation of resources whose URN matches fails. */
  readonly failCreate?: string;
  /** Milliseconds before a creation takes effect. */
  readonly delayMs?: number;
}

/**
 * The account behind the stand-in providers: a folder with a file for each thing that exists and a log of every call. It is what a test
 * asks instead of believing the engine's report.
 */
export class Cloud {
  private readonly things: string;
  private readonly logFile: string;

  constructor(folder: string) {
    this.things = path.join(folder, "things");
    this.logFile = path.join(folder, "calls.jsonl");
    mkdirSync(this.things, { recursive: true });
  }

  log(call: Call): void {
    appendFileSync(this.logFile, `${JSON.stringify(call)}\n`);
  }

  /** All calls so far, oldest first. */
  calls(): Call[] {
    if (!existsSync(this.logFile)) return [];
    const lines = readFileSync(this.logFile, "utf8").split("\n");
    // A provider that is being killed may leave half a line.
    return lines.slice(0, -1).map((line) => JSON.parse(line) as Call);
  }

  /** Makes a thing; refuses one whose name another resource holds already. */
  create(type: string, key: string, urn: string): void {
    const there = this.find(type, key);
    if (there !== undefined && there.urn !== urn)
      throw new Error(`${type} ${key} already exists: ${there.urn} made it`);
    this.write({ type, key, urn, copies: (there?.copies ?? 0) + 1 });
  }

  delete(type: string, key: string): void {
    const there = this.find(type, key);
    if (there === undefined) return;
    if (there.copies > 1) this.write({ ...there, copies: there.copies - 1 });
    else this.forget(there);
  }

  /** Takes a thing away behind the engine's back. */
  forget(thing: Pick<Thing, "type" | "key">): void {
    rmSync(this.file(thing.type, thing.key), { force: true });
  }

  find(type: string, key: string): Thing | undefined {
    const file = this.file(type, key);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Thing) : undefined;
  }

  /** Everything that exists, sorted by URN. */
  all(): Thing[] {
    return readdirSync(this.things)
      .map((file) => JSON.parse(readFileSync(path.join(this.things, file), "utf8")) as Thing)
      .sort((a, b) => (a.urn < b.urn ? -1 : 1));
  }

  private write(thing: Thing): void {
    writeFileSync(this.file(thing.type, thing.key), JSON.stringify(thing));
  }

  private file(type: string, key: string): string {
    return path.join(this.things, `${createHash("sha256").update(`${type} ${key}`).digest("hex")}.json`);
  }
}
