/** One property that differs between two plans of a resource. */
export interface PropertyChange {
  /**
   * Such as `tags.Owner` or `ingress[0].fromPort`; inside a property with JSON text the path
   * continues into the text.
   */
  readonly path: string;
  /** The value before and after, as reports show it; undefined where the property is absent. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Maximum characters of one value in a report. */
const SHOWN = 80;

type Properties = Readonly<Record<string, unknown>>;

/**
 * The leaves that differ, sorted by path. Values come from the preview document, so that secrets
 * are `[secret]` on both sides and never differ, and `[unknown]` on both sides is no difference.
 */
export function planPropertyChanges(before: Properties, after: Properties): PropertyChange[] {
  const [a, b] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => a.get(path) !== b.get(path))
    .sort()
    .map((path) => ({ path, from: shown(a.get(path)), to: shown(b.get(path)) }));
}

/**
 * Every leaf as JSON by its path. A list without mappings is one leaf, so that a new first element
 * is one change.
 */
function leavesOf(properties: Properties): Map<string, string> {
  const leaves = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    const inner = typeof value === "string" ? parsed(value) : value;
    if (Array.isArray(inner) && inner.some(isMapping)) inner.forEach((item, at) => visit(item, `${path}[${at}]`));
    else if (isMapping(inner) && Object.keys(inner).length > 0)
      for (const [key, below] of Object.entries(inner)) visit(below, path === "" ? key : `${path}.${key}`);
    else if (inner !== undefined) leaves.set(path, JSON.stringify(inner));
  };
  visit(properties, "");
  return leaves;
}

const isMapping = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The mapping or list of a JSON text, such as a policy document; any other text unchanged. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Marks of the document have no quotation marks, as they are no text of the program. */
function shown(json: string | undefined): string | undefined {
  if (json === undefined) return undefined;
  const text = json === '"[unknown]"' ? "known after deployment" : json === '"[secret]"' ? "[secret]" : json;
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}… (${text.length} characters)` : text;
}
