import { attempt, every, type Tri } from "./tri";
import { Undeterminable, type Value } from "./value";
import { isRecord } from "./wire";

/**
 * What an exemption asks of a resource's inputs, by path; a path may lead into a JSON text, such as
 * `containerDefinitions[0].user`. A text, number or flag is equal to the input, and `*` in a text
 * stands for one or more characters without a slash, colon or space. `null` asks that nothing is
 * set. A list or object has the same elements and no others.
 */
export type Values = Readonly<Record<string, unknown>>;

/** A value that is not as an exemption asks, or is not known yet. */
export interface Difference {
  readonly path: string;
  /** The value, for a message. */
  readonly found: string;
  /** What the exemption asks for. */
  readonly wanted: string;
  /** The value decides only after deployment. */
  readonly unknown: boolean;
}

/** The first value that is not as asked, else the first that is not known yet. */
export function differenceFrom(values: Values, inputs: Value): Difference | undefined {
  const differences = Object.entries(values).flatMap(([path, wanted]): Difference[] => {
    const found = within(inputs, path);
    const result = found === undefined ? false : asAsked(found, wanted);
    if (result === true) return [];
    const shown = found === undefined ? "not readable" : found.show();
    return [{ path, found: shown, wanted: JSON.stringify(wanted), unknown: result === "unknown" }];
  });
  return differences.find(({ unknown }) => !unknown) ?? differences[0];
}

/** The input at a path, through JSON texts; undefined where a text on the way is not JSON. */
function within(inputs: Value, path: string): Value | undefined {
  let value = inputs;
  for (const step of path.split(/\.|(?=\[\d+\])/)) {
    if (!value.isUnknown) {
      try {
        value = value.document();
      } catch (error) {
        if (error instanceof Undeterminable) return undefined;
        throw error;
      }
    }
    value = value.at(step);
  }
  return value;
}

function asAsked(value: Value, wanted: unknown): Tri {
  if (value.isUnknown) return "unknown";
  const content = value.known();
  if (wanted === null || content === undefined) return wanted === null && content === undefined;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(content) || content.length !== wanted.length) return false;
    return every(value.items().entries(), ([at, item]) => asAsked(item, wanted[at]));
  }
  if (isRecord(wanted)) {
    const names = Object.keys(wanted);
    if (!isRecord(content) || Object.keys(content).some((name) => !names.includes(name))) return false;
    return every(names, (name) => asAsked(value.at(name), wanted[name]));
  }
  return matchesText(value, typeof wanted === "string" ? wanted : JSON.stringify(wanted));
}

function matchesText(value: Value, wanted: string): Tri {
  return attempt(() => {
    const text = value.text();
    return text !== undefined && asPattern(wanted).test(text);
  });
}

const asPattern = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/:\\s]+")}$`);
