import { byText, canonical, type PreviewDocument } from "./document";

/**
 * The document as JSON that prints the same bytes for the same content: lists in their order,
 * inputs and outputs by key.
 */
export function renderJson(document: PreviewDocument): string {
  const { stacks, ...rest } = canonical(document);
  const ordered = stacks.map(({ stack, resources, outputs, violations, passed, ...more }) => ({
    stack,
    resources: resources.map(({ urn, type, name, parent, inputs, id, outputs }) => ({
      urn,
      type,
      name,
      parent,
      inputs: byKey(inputs),
      ...(id !== undefined && { id }),
      ...(outputs && { outputs: byKey(outputs) }),
    })),
    outputs: byKey(outputs),
    violations,
    passed,
    ...more,
  }));
  return `${JSON.stringify({ stacks: ordered, ...rest }, null, 2)}\n`;
}

function byKey(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byKey);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => byText(a, b))
      .map(([key, below]) => [key, byKey(below)]),
  );
}
