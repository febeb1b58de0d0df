import { attempt, not, some, type Tri } from "../frame/tri";
import { Undeterminable, type Value } from "../frame/value";
import { globMatches, globsOverlap } from "./match";

/** One line of a Condition block: all of them must hold. */
export interface Condition {
  /**
   * The operator without set prefix and IfExists, in lower case: `bool`, `numericlessthan`,
   * `stringequals`, `null`.
   */
  readonly operator: string;
  readonly ifExists: boolean;
  readonly set: "ForAllValues" | "ForAnyValue" | undefined;
  /** The condition key in lower case. */
  readonly key: string;
  readonly values: readonly Value[];
}

/**
 * One principal of a statement: its kind (`AWS`, `Service`, `Federated`, `CanonicalUser`, or `*`
 * for everyone) and its name.
 */
export interface Principal {
  readonly kind: string;
  readonly name: Value;
}

/**
 * One statement of an IAM policy document. Names of elements are read in any letter case, single
 * values as lists of one.
 */
export class Statement {
  private readonly members = new Map<string, Value>();
  private readonly answers = new Map<string, Tri>();
  private lines: readonly Condition[] | undefined;

  constructor(readonly value: Value) {}

  /** The member of that name; absent when there is none. */
  member(name: string): Value {
    let member = this.members.get(name);
    if (member === undefined) {
      member = memberOf(this.value, name);
      this.members.set(name, member);
    }
    return member;
  }

  /** As `allows`, with an answer where that throws. */
  get mayAllow(): Tri {
    return attempt(() => this.allows);
  }

  /** True for an Allow, false for a Deny. Throws when the effect is unknown or neither. */
  get allows(): boolean {
    const effect = this.member("Effect").text()?.toLowerCase();
    if (effect === "allow") return true;
    if (effect === "deny") return false;
    throw new Undeterminable(this.value.path, "has neither Allow nor Deny as its effect");
  }

  /** Does the statement apply to the action (`ssm:StartSession`), by Action or NotAction? */
  matchesAction(action: string): Tri {
    let answer = this.answers.get(action);
    if (answer === undefined) {
      answer = this.matched(action);
      this.answers.set(action, answer);
    }
    return answer;
  }

  private matched(action: string): Tri {
    const excluded = this.member("NotAction");
    const test = (pattern: string) => globMatches(pattern, action, true);
    return excluded.isSet ? not(matches(excluded, test)) : matches(this.member("Action"), test);
  }

  /**
   * Does the statement apply to all of the resource pattern, by Resource or NotResource? One that
   * names no resource applies to all.
   */
  coversResource(resource: string): Tri {
    const excluded = this.member("NotResource");
    if (excluded.isSet) return not(matches(excluded, (pattern) => globsOverlap(pattern, resource)));
    return this.member("Resource").isAbsent
      ? true
      : matches(this.member("Resource"), (pattern) => globMatches(pattern, resource));
  }

  /** The resource patterns named; `["*"]` for NotResource and where none is named. */
  get resources(): readonly string[] | "unknown" {
    if (this.member("NotResource").isSet || this.member("Resource").isAbsent) return ["*"];
    try {
      return this.member("Resource")
        .items()
        .flatMap((item) => item.text() ?? []);
    } catch {
      return "unknown";
    }
  }

  /** Does the statement reach every resource: `*`, or patterns that come to the same? */
  get coversEverything(): Tri {
    if (this.member("NotResource").isSet) return true;
    const resource = this.member("Resource");
    if (resource.isAbsent) return true;
    return matches(resource, (pattern) => /^(arn:)?[*:?]*$/.test(pattern) && pattern.includes("*"));
  }

  /** The conditions, each to hold. Throws when the block or one of its operators is unknown. */
  conditions(): readonly Condition[] {
    this.lines ??= this.read();
    return this.lines;
  }

  private read(): Condition[] {
    return this.member("Condition")
      .entries()
      .flatMap(([operator, keys]) => {
        const set = /^(forallvalues|foranyvalue):/i.exec(operator)?.[1]?.toLowerCase();
        const plain = operator.replace(/^for\w+:/i, "").toLowerCase();
        return keys.entries().map(([key, values]) => ({
          operator: plain.replace(/ifexists$/, ""),
          ifExists: plain.endsWith("ifexists"),
          set:
            set === "forallvalues"
              ? ("ForAllValues" as const)
              : set === "foranyvalue"
                ? ("ForAnyValue" as const)
                : undefined,
          key: key.toLowerCase(),
          values: values.isUnknown ? [values] : values.items(),
        }));
      });
  }

  /**
   * Principals of the statement. Throws when they are unknown; empty when it names none (identity
   * policies).
   */
  principals(): Principal[] {
    const principal = this.member("Principal");
    if (principal.isAbsent) return [];
    const given = principal.known();
    if (typeof given === "string" || Array.isArray(given))
      return principal.items().map((name) => ({ kind: "*", name }));
    return principal
      .entries()
      .flatMap(([kind, names]) => (names.isUnknown ? [names] : names.items()).map((name) => ({ kind, name })));
  }
}

/**
 * The statements of a document given as JSON text, as an object or as a list of one. Throws when it
 * is unknown or no JSON.
 */
export function statementsOf(document: Value): readonly Statement[] {
  let statements = known.get(document);
  if (statements === undefined) {
    statements = read(document);
    known.set(document, statements);
  }
  return statements;
}

/** The statements of each document, which many policies ask for. */
const known = new WeakMap<Value, readonly Statement[]>();

function read(document: Value): Statement[] {
  return document
    .document()
    .items()
    .flatMap((one) => memberOf(one, "Statement").items())
    .map((value) => new Statement(value));
}

/** The member of an object whose name is the same in any letter case. */
export function memberOf(value: Value, name: string): Value {
  const exact = value.at(name);
  if (exact.isSet || value.isUnknown) return exact;
  return value.entries().find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? exact;
}

function matches(list: Value, test: (pattern: string) => boolean): Tri {
  if (list.isUnknown) return "unknown";
  return some(list.items(), (item) =>
    attempt(() => {
      const text = item.text();
      return text !== undefined && test(text);
    }),
  );
}
