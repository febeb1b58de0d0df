import { type Document, visit } from "yaml";
import { looksSecret } from "./credentials";
import type { Fault, PlaceFault } from "./faults";

/** A fault that only the text shows. */
export interface TextFault {
  readonly path: readonly PropertyKey[];
  readonly fault: Fault;
  /** True for a duplicate key; the document keeps the first. */
  readonly isDouble: boolean;
}

/**
 * Faults that only the text shows: duplicate keys, dates without quotation marks, encrypted values,
 * credentials. Removes the second of two keys from the document, and `__proto__`, which zod ignores
 * silently.
 */
export function textFaults(document: Document, place: PlaceFault): TextFault[] {
  const faults: TextFault[] = [];
  const add = (path: readonly PropertyKey[], found: string, allowed: string, next: string, isDouble = false) =>
    faults.push({ path, isDouble, fault: place(path, found, allowed, next) });
  visit(document, {
    Map(key, map, ancestors) {
      const seen = new Set<string>();
      map.items = map.items.filter((pair) => {
        const name = String((pair.key as { value?: unknown } | null)?.value);
        const path = [...pathOf(ancestors, key), name];
        if (name === "__proto__") {
          add(path, "an unknown key", "other names", "remove it");
          return false;
        }
        if (seen.has(name)) add(path, "the same key a second time", "each key once", "keep one of the two", true);
        return !seen.has(name) && seen.add(name);
      });
    },
    Pair(_, pair, ancestors) {
      const name = (pair.key as { value?: unknown } | null)?.value;
      if (name !== "secure") return undefined;
      add(
        pathOf([...ancestors, pair], null),
        "an encrypted value (not shown)",
        "no secret in a stack file, encrypted or not",
        "remove it: every secret is made by the program and lives in AWS Secrets Manager",
      );
      return visit.SKIP;
    },
    Scalar(key, node, ancestors) {
      if (key === "key" || typeof node.value !== "string") return;
      const path = pathOf(ancestors, key);
      if (node.type === "PLAIN" && /^\d{4}-\d{1,2}-\d{1,2}/.test(node.value)) {
        add(path, `${node.value} without quotation marks`, "a date in quotation marks", `write "${node.value}"`);
      }
      if (looksSecret(node.value) && path.length > 1) {
        const next = "remove it, and revoke it if it was ever committed";
        add(path, "something that looks like a credential (not shown)", "no secret in a stack file", next);
      }
    },
  });
  return faults;
}

/** Path of a node from the arguments of `visit`: pairs give names, sequences positions. */
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
