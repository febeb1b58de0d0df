import { Secret, UNKNOWN, UNKNOWN_SENTINELS, isRecord } from "./wire";

/**
 * Thrown by a read that preview cannot answer; the nearest guard turns it into an undeterminable
 * finding.
 */
export class Undeterminable extends Error {
  constructor(
    readonly path: string,
    readonly reason = "is not known yet",
  ) {
    super(`${path || "the resource"} ${reason}`);
  }
}

const SECRET_NAME = /pass(word|phrase)?$|secret(?!.*(arn|id|name)$)|token|private_?key|credential|api_?key$/i;
const SHOWN_LENGTH = 120;
/**
 * A comma before a closing bracket, or a string (kept). AWS refuses the comma, but it must not hide
 * the rest of the document.
 */
const SURPLUS_COMMA = /("(?:[^"\\]|\\.)*")|,(?=\s*[\]}])/g;

/** The steps of each path; rules ask for the same few hundred paths of every resource. */
const steps = new Map<string, readonly string[]>();

function stepsOf(path: string): readonly string[] {
  let found = steps.get(path);
  if (found === undefined) {
    found = path.split(/\.|(?=\[\d+\])/);
    if (steps.size < 10_000) steps.set(path, found);
  }
  return found;
}

/**
 * One input of a resource, with the path that leads to it. Reading never trips over missing
 * parents: below an absent value everything is absent, below an unknown one everything is unknown.
 * Asking an unknown value for its content throws `Undeterminable`; asking whether it is set does
 * not, so presence can be judged in preview.
 */
export class Value {
  /** The document, once it was read; every policy of a resource asks for the same. */
  private parsed: Value | undefined;

  private constructor(
    private readonly content: unknown,
    /**
     * Path of the value as in the program: `ingress[0].cidrBlocks[1]`. Empty for the whole
     * resource.
     */
    readonly path: string,
    private readonly secret: boolean,
  ) {}

  /** Wraps plain data, as it came over the wire or from a test. */
  static of(content: unknown, path = "", secret = false): Value {
    return content instanceof Secret ? new Value(content.value, path, true) : new Value(content, path, secret);
  }

  /** True when preview cannot know the value yet. */
  get isUnknown(): boolean {
    const { content } = this;
    return typeof content === "string" && content.length === UNKNOWN.length && UNKNOWN_SENTINELS.has(content);
  }

  /**
   * True when the value is undefined, null, or empty: providers write "none" as an empty text or
   * list, and a block that holds nothing as `{}`. Below the inputs themselves `{}` may be a choice
   * (`defaultAction: {block: {}}`), and is a value.
   */
  get isAbsent(): boolean {
    const { content } = this;
    if (content === undefined || content === null || content === "") return true;
    if (Array.isArray(content)) return content.length === 0;
    return isRecord(content) && !/[.[]/.test(this.path) && this.path !== "" && Object.keys(content).length === 0;
  }

  /** True when something was given that is not empty, known or not. */
  get isSet(): boolean {
    return !this.isAbsent;
  }

  /**
   * The value below this one: `at("metadataOptions.httpTokens")`, `at("rules[0].name")`. Property
   * names are case-sensitive.
   */
  at(path: string): Value {
    return stepsOf(path).reduce<Value>((value, key) => value.child(key), this);
  }

  private child(key: string): Value {
    const index = key.startsWith("[") ? /^\[(\d+)\]$/.exec(key)?.[1] : undefined;
    const path = this.path === "" || index !== undefined ? this.path + key : `${this.path}.${key}`;
    if (this.isUnknown) return Value.of(this.content, path, this.secret);
    if (index !== undefined && Array.isArray(this.content))
      return Value.of(this.content[Number(index)], path, this.secret);
    const found = isRecord(this.content) && Object.hasOwn(this.content, key) ? this.content[key] : undefined;
    return Value.of(found, path, this.secret);
  }

  /**
   * The elements of a list; a single value counts as a list of one and an absent one as empty.
   * Throws when the list is unknown.
   */
  items(): Value[] {
    const content = this.known();
    if (content === undefined) return [];
    if (!Array.isArray(content)) return [this];
    return content.map((item: unknown, index) => Value.of(item, `${this.path}[${index}]`, this.secret));
  }

  /**
   * The named members of an object, in their order; none for anything else. Throws when the object
   * is unknown.
   */
  entries(): [string, Value][] {
    const content = this.known();
    return isRecord(content) ? Object.keys(content).map((key) => [key, this.child(key)]) : [];
  }

  /** The content, undefined when absent. Throws `Undeterminable` when it is unknown. */
  known(): unknown {
    if (this.isUnknown) throw new Undeterminable(this.path);
    return this.content ?? undefined;
  }

  /**
   * A string, number or boolean as text; undefined when absent or when it is a list or object.
   * Throws when unknown.
   */
  text(): string | undefined {
    const content = this.known();
    if (typeof content === "number" || typeof content === "boolean") return String(content);
    if (typeof content !== "string") return undefined;
    if (content.length < UNKNOWN.length) return content;
    for (const sentinel of UNKNOWN_SENTINELS) {
      if (content.includes(sentinel)) throw new Undeterminable(this.path);
    }
    return content;
  }

  /**
   * A number, also when written as text ("22"); undefined for anything else. Throws when unknown.
   */
  number(): number | undefined {
    const text = this.text()?.trim();
    if (text === undefined || text === "") return undefined;
    const number = Number(text);
    return Number.isFinite(number) ? number : undefined;
  }

  /**
   * A boolean, also when written as text ("True"), as launch templates do; undefined for anything
   * else. Throws when unknown.
   */
  flag(): boolean | undefined {
    const text = this.text()?.trim().toLowerCase();
    return text === "true" ? true : text === "false" ? false : undefined;
  }

  /**
   * The value of a JSON document given as text or as an object. Throws when it is unknown or is not
   * JSON.
   */
  document(): Value {
    if (this.parsed !== undefined) return this.parsed;
    this.parsed = this.read();
    return this.parsed;
  }

  private read(): Value {
    const content = this.known();
    if (typeof content !== "string") return this;
    if (content.trim() === "") return Value.of(undefined, this.path, this.secret);
    try {
      return Value.of(JSON.parse(content.replace(SURPLUS_COMMA, "$1")), this.path, this.secret);
    } catch {
      throw new Undeterminable(this.path, "is not a JSON document");
    }
  }

  /**
   * The value for a message: quoted and shortened; a secret, or anything under a secret's name,
   * shows as `[secret]`.
   */
  show(): string {
    if (this.isUnknown) return "[unknown]";
    if (this.isAbsent) return "nothing";
    if (this.secret || SECRET_NAME.test(this.path.split(".").at(-1) ?? "")) return "[secret]";
    if (typeof this.content === "object") return Array.isArray(this.content) ? "a list" : "an object";
    const text = JSON.stringify(this.content);
    return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
  }
}
