import { isObject, type Json } from "./normal";

/** One property that is not as it was. `absent` stands for no value. */
export interface Difference {
  readonly stack: string;
  /** Type token of the resource, `report` or `policies`. */
  readonly type: string;
  readonly property: string;
  readonly before: string;
  readonly after: string;
}

type Found = Omit<Difference, "stack" | "type">;

const ABSENT = "absent";
const show = (value: Json | undefined): string => (value === undefined ? ABSENT : JSON.stringify(value));

/** Every leaf in which two values differ. JSON inside a string (a policy document, say) is compared by its own properties. */
export function changes(before: Json | undefined, after: Json | undefined, at = ""): Found[] {
  if (show(before) === show(after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const [a, b] = [before as readonly Json[], after as readonly Json[]];
    return Array.from({ length: Math.max(a.length, b.length) }, (_, n) => changes(a[n], b[n], `${at}[]`)).flat();
  }
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => changes(before[key], after[key], at === "" ? key : `${at}.${key}`));
  }
  const inner = [embedded(before), embedded(after)] as const;
  if (inner[0] !== undefined && inner[1] !== undefined) {
    const found = changes(inner[0], inner[1], `${at}{}`);
    if (found.length > 0) return found;
  }
  return [{ property: at, before: show(before), after: show(after) }];
}

/** The object or list that a string holds as JSON. */
function embedded(value: Json | undefined): Json | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}

/** The differences of two normalised preview documents. `label` names a stack in the result. */
export function documentDifferences(before: Json, after: Json, label: (stack: string) => string): Difference[] {
  const [a, b] = [byName(list(before, "stacks"), "stack"), byName(list(after, "stacks"), "stack")];
  const stacks = union(a, b).flatMap((name) => stackDifferences(a.get(name), b.get(name), label(name)));
  const policies = keyedChanges(byName(list(before, "policies"), "name"), byName(list(after, "policies"), "name"));
  return [...stacks, ...policies.map((found) => ({ stack: "(pack)", type: "policies", ...found }))];
}

function stackDifferences(before: Json | undefined, after: Json | undefined, stack: string): Difference[] {
  if (before === undefined || after === undefined)
    return [
      { stack, type: "(stack)", property: "", before: before ? "present" : ABSENT, after: after ? "present" : ABSENT },
    ];
  const resources = [byUrn(before), byUrn(after)] as const;
  const inPlan = union(...resources).flatMap((urn): Difference[] => {
    const [a, b] = [resources[0].get(urn), resources[1].get(urn)];
    const type = textOf(a ?? b, "type");
    if (a !== undefined && b !== undefined) return changes(a, b).map((found) => ({ stack, type, ...found }));
    const name = urn.split("::").at(-1) ?? urn;
    return [{ stack, type, property: "(resource)", before: a ? name : ABSENT, after: b ? name : ABSENT }];
  });
  const verdicts = [byVerdict(before), byVerdict(after)] as const;
  const inVerdict = union(...verdicts).flatMap((key): Difference[] => {
    const [urn = "", policy = ""] = key.split("\n");
    const type = urn.split("::")[2]?.split("$").at(-1) ?? urn;
    return changes(verdicts[0].get(key), verdicts[1].get(key)).map(({ property, ...values }) => ({
      stack,
      type,
      property: `finding of ${policy} ${property}`.trim(),
      ...values,
    }));
  });
  const rest = changes(without(before), without(after)).map((found) => ({ stack, type: "(stack)", ...found }));
  return [...inPlan, ...inVerdict, ...rest];
}

/** What a stack's report holds beside resources and violations: outputs, counts, evidence and notes. */
const without = (stack: Json): Json =>
  Object.fromEntries(
    Object.entries(stack as Record<string, Json>).filter(([key]) => !/^(resources|violations)$/.test(key)),
  );

const list = (document: Json, key: string): readonly Json[] =>
  isObject(document) && Array.isArray(document[key]) ? (document[key] as readonly Json[]) : [];

const textOf = (value: Json | undefined, key: string): string =>
  isObject(value) && typeof value[key] === "string" ? value[key] : "";

const byName = (items: readonly Json[], key: string): ReadonlyMap<string, Json> =>
  new Map(items.map((item) => [textOf(item, key), item]));

const byUrn = (stack: Json): ReadonlyMap<string, Json> => byName(list(stack, "resources"), "urn");

/** The violations of one policy on one resource, in the document's order. */
function byVerdict(stack: Json): ReadonlyMap<string, Json> {
  const found = new Map<string, Json[]>();
  for (const violation of list(stack, "violations")) {
    const key = `${textOf(violation, "urn")}\n${textOf(violation, "policy")}`;
    found.set(key, [...(found.get(key) ?? []), violation]);
  }
  return found;
}

const keyedChanges = (a: ReadonlyMap<string, Json>, b: ReadonlyMap<string, Json>): Found[] =>
  union(a, b).flatMap((key) => changes(a.get(key), b.get(key), key));

const union = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] =>
  [...new Set([...a.keys(), ...b.keys()])].sort();

/** Lines that one of two reports holds more often than the other; where there are none, their order. */
export function reportDifferences(format: string, before: string, after: string, stack: string): Difference[] {
  if (before === after) return [];
  const [a, b] = [counted(before), counted(after)];
  const at = { stack, type: "report", property: `line of ${format}` };
  const surplus = (x: ReadonlyMap<string, number>, y: ReadonlyMap<string, number>) =>
    [...x].flatMap(([line, times]) => Array<string>(Math.max(0, times - (y.get(line) ?? 0))).fill(line));
  const found = [
    ...surplus(a, b).map((line) => ({ ...at, before: line, after: ABSENT })),
    ...surplus(b, a).map((line) => ({ ...at, before: ABSENT, after: line })),
  ];
  return found.length > 0 ? found : [{ ...at, property: `order of lines of ${format}`, before: "", after: "changed" }];
}

function counted(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split("\n")) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
