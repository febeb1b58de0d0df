/**
 * Sets inputs of a resource, each to a value that ends a violation, and returns whether that
 * changed anything.
 */
export function set(inputs: Record<string, unknown>, values: Readonly<Record<string, unknown>>): boolean {
  const changed = Object.keys(values).filter((key) => !isSame(inputs[key], values[key]));
  for (const key of changed) inputs[key] = values[key];
  return changed.length > 0;
}

function isSame(found: unknown, wanted: unknown): boolean {
  if (typeof wanted === "object") return JSON.stringify(found) === JSON.stringify(wanted);
  return found === wanted || (typeof wanted === "boolean" && found === String(wanted));
}
