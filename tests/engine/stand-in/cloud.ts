import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RawProps } from "../../../offline/values";

/** One call that the engine made of a provider. No property values: they may be secret. */
export interface Call {
  readonly rpc: "check" | "diff" | "create" | "read" | "update" | "delete" | "invoke" | "construct";
  /** The resource's URN; the function's token for `invoke`. */
  readonly urn: string;
  readonly preview: boolean;
  /** Properties whose change made `diff` ask for a replacement. */
  readonly replaces?: readonly string[];
  /** What the provider sends a function when a resource with lifecycle scope CRUD goes: input and `tf`. */
  readonly sends?: string;
}

/** A thing that stands in the cloud. */
export interface Thing {
  readonly type: string;
  /** Name, ARN or id: one of its kind in the account. */
  readonly key: string;
  readonly id: string;
  readonly urn: string;
  /** ARNs of the KMS keys that its inputs name. */
  readonly keys: readonly string[];
  /** Of a type that a stack can take over: what it was made with. */
  readonly inputs?: RawProps;
  /** How many were made less how many were deleted: two while a replacement stands beside what it replaces. */
  readonly copies: number;
}

/**
 * Types whose creation writes over what the account, the bucket, the family or the secret has already. Every other refuses a name that is
 * taken. docs/first-deployment.md lists those that an account has once.
 */
export const overwriting: ReadonlySet<string> = new Set([
  "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration",
  "aws:costexplorer/costAllocationTag:CostAllocationTag",
  "aws:ebs/defaultKmsKey:DefaultKmsKey",
  "aws:ebs/encryptionByDefault:EncryptionByDefault",
  "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions",
  "aws:ecs/taskDefinition:TaskDefinition",
]);
const overwrites = (type: string): boolean => overwriting.has(type) || /^aws:s3\/bucket[A-Z]/.test(type);

/** What a drill asks of the providers. */
export interface Drill {
  /** The creation of resources whose URN matches fails. */
  readonly failCreate?: string;
  /** It fails once there is a thing whose URN matches this: the engine begins nothing new after a failure. */
  readonly failAfter?: string;
  /** What such a creation fails with; default: InsufficientCapacity. */
  readonly failWith?: string;
  /** Milliseconds before a creation takes effect. */
  readonly delayMs?: number;
}

/**
 * The account behind the stand-in providers: a folder with a file for each thing that exists and a log of every call. It is what a test
 * asks instead of believing the engine's report.
 */
export class Cloud {
  private readonly things: string;
  private readonly lives: string;
  private readonly logFile: string;

  constructor(folder: string) {
    this.things = path.join(folder, "things");
    this.logFile = path.join(folder, "calls.jsonl");
    this.lives = path.join(folder, "lives");
    for (const each of [this.things, this.lives]) mkdirSync(each, { recursive: true });
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

  /** How often a resource was made: AWS gives the next one of its URN other ids. */
  livesOf(urn: string): number {
    const file = this.lifeFile(urn);
    return existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  }

  /** Makes a thing, or writes over what is there; refuses a name that is taken unless creations of the type write over it. */
  create(made: Omit<Thing, "copies">, life = 0): void {
    const { type, key, urn } = made;
    const there = this.find(type, key);
    if (there !== undefined && (there.urn !== urn || !overwrites(type)))
      throw new Error(`${type} ${key} already exists: ${there.urn} made it`);
    this.write({ ...made, copies: (there?.copies ?? 0) + 1 });
    writeFileSync(this.lifeFile(urn), String(life + 1));
  }

  /** Notes what a thing has after a change. */
  update(type: string, key: string, now: Pick<Thing, "keys" | "inputs">): void {
    const there = this.find(type, key);
    if (there !== undefined) this.write({ ...there, ...now });
  }

  delete(type: string, key: string): void {
    const there = this.find(type, key);
    if (there === undefined) return;
    if (there.copies > 1) this.write({ ...there, copies: there.copies - 1 });
    else this.remove(type, key);
  }

  /** Takes a thing away behind the engine's back. */
  forget(thing: Pick<Thing, "type" | "key" | "urn">): void {
    this.remove(thing.type, thing.key);
    rmSync(this.lifeFile(thing.urn), { force: true });
  }

  /** The thing of an import's id. */
  withId(type: string, id: string): Thing | undefined {
    return this.all().find((thing) => thing.type === type && thing.id === id);
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

  private remove(type: string, key: string): void {
    rmSync(this.file(type, key), { force: true });
  }

  private lifeFile(urn: string): string {
    return path.join(this.lives, createHash("sha256").update(urn).digest("hex"));
  }

  private write(thing: Thing): void {
    writeFileSync(this.file(thing.type, thing.key), JSON.stringify(thing));
  }

  private file(type: string, key: string): string {
    return path.join(this.things, `${createHash("sha256").update(`${type} ${key}`).digest("hex")}.json`);
  }
}
