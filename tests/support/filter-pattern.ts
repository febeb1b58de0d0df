type Json = Readonly<Record<string, unknown>>;

/** A condition of a filter pattern over JSON. */
export type Condition =
  | Several
  | { readonly kind: "absent"; readonly path: string }
  | { readonly kind: "compared"; readonly path: string; readonly equal: boolean; readonly value: string };

interface Several {
  readonly kind: "all" | "any";
  readonly of: readonly Condition[];
}

const isSeveral = (condition: Condition): condition is Several => "of" in condition;

/**
 * Reads a CloudWatch Logs filter pattern over JSON: `=` and `!=` with quoted texts, `NOT EXISTS`,
 * `&&`, `||` and parentheses. Source: CloudWatch Logs user guide, "Filter pattern syntax for metric
 * filters". What is not among them is an error.
 */
export function readPattern(text: string): Condition {
  const tokens = text.match(/&&|\|\||!=|NOT EXISTS|"[^"]*"|\$[\w.]+|[{}()=]|\S+/g) ?? [];
  let at = 0;
  const take = (wanted?: string): string => {
    const token = tokens[at] ?? "the end";
    if (wanted !== undefined && token !== wanted) throw new Error(`found ${token}; wanted ${wanted} in ${text}`);
    at += 1;
    return token;
  };
  const one = (): Condition => {
    if (tokens[at] === "(") {
      take("(");
      const inside = several("any", "||", () => several("all", "&&", one));
      take(")");
      return inside;
    }
    const path = take();
    if (!path.startsWith("$.")) throw new Error(`found ${path}; wanted a selector in ${text}`);
    const operator = take();
    if (operator === "NOT EXISTS") return { kind: "absent", path };
    if (operator !== "=" && operator !== "!=") throw new Error(`found ${operator}; wanted an operator in ${text}`);
    const value = take();
    if (!/^".*"$/.test(value)) throw new Error(`found ${value}; wanted a quoted text in ${text}`);
    return { kind: "compared", path, equal: operator === "=", value: value.slice(1, -1) };
  };
  const several = (kind: "all" | "any", joint: string, part: () => Condition): Condition => {
    const of = [part()];
    while (tokens[at] === joint) {
      take(joint);
      of.push(part());
    }
    return of.length === 1 ? of[0]! : { kind, of };
  };
  take("{");
  const whole = several("any", "||", () => several("all", "&&", one));
  take("}");
  if (at !== tokens.length) throw new Error(`found ${take()} behind the end of ${text}`);
  return whole;
}

/**
 * Whether a record meets a condition. Undefined: it depends on `!=` of a field that is not there,
 * about which AWS's grammar says nothing; no pattern may rest on that.
 */
export function meets(condition: Condition, record: Json): boolean | undefined {
  if (isSeveral(condition)) {
    const decides = condition.kind === "any";
    const found = condition.of.map((each) => meets(each, record));
    if (found.includes(decides)) return decides;
    return found.includes(undefined) ? undefined : !decides;
  }
  const value = condition.path
    .slice(2)
    .split(".")
    .reduce<unknown>((inside, key) => (inside as Json | undefined)?.[key], record);
  if (condition.kind === "absent") return value === undefined;
  if (typeof value !== "string") return condition.equal ? false : undefined;
  return like(condition.value, value) === condition.equal;
}

const expressions = new Map<string, RegExp>();

/** `*` stands for any text. */
function like(wanted: string, value: string): boolean {
  let expression = expressions.get(wanted);
  if (!expression) {
    const parts = wanted.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    expression = new RegExp(`^${parts.join("[^]*")}$`);
    expressions.set(wanted, expression);
  }
  return expression.test(value);
}

/** The condition with one part spoiled, in every way: a part left out, a comparison turned round. */
export function spoiled(condition: Condition): readonly Condition[] {
  if (isSeveral(condition)) {
    const { kind, of } = condition;
    return of.flatMap((part, at) => [
      { kind, of: of.filter((_, other) => other !== at) },
      ...spoiled(part).map((other) => ({ kind, of: of.map((each, index) => (index === at ? other : each)) })),
    ]);
  }
  if (condition.kind === "compared") return [{ ...condition, equal: !condition.equal }];
  return [{ kind: "compared", path: condition.path, equal: true, value: "*" }];
}
