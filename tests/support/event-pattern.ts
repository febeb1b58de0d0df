type Json = Readonly<Record<string, unknown>>;

/**
 * Whether an EventBridge pattern matches an event: exact values, `prefix`, `suffix`, `wildcard`,
 * `anything-but` (values or a prefix), `exists` and `$or`. Source: EventBridge user guide, "Comparison
 * operators for use in event patterns". An operator that is not among them is an error.
 */
export function matchesPattern(pattern: Json, event: Json): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === "$or") return (wanted as readonly Json[]).some((one) => matchesPattern(one, event));
    const value = event[key];
    if (Array.isArray(wanted)) return wanted.some((one) => matchesValue(one, value));
    const inside = typeof value === "object" && value !== null ? (value as Json) : {};
    return matchesPattern(wanted as Json, inside);
  });
}

function matchesValue(wanted: unknown, value: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return wanted === value;
  const [operator, operand] = (Object.entries(wanted)[0] ?? ["", undefined]) as [string, unknown];
  if (operator === "exists") return (value !== undefined) === operand;
  // Every other operator compares a field that is present.
  if (typeof value !== "string") return false;
  switch (operator) {
    case "prefix":
      return value.startsWith(String(operand));
    case "suffix":
      return value.endsWith(String(operand));
    case "wildcard":
      return wildcard(String(operand)).test(value);
    case "anything-but":
      return Array.isArray(operand) ? !operand.includes(value) : !matchesValue(operand, value);
    default:
      throw new Error(`the matcher does not know the operator ${operator}`);
  }
}

/** `*` is any text; a backslash takes the next character as it is. */
function wildcard(pattern: string): RegExp {
  const parts = [...pattern.matchAll(/\\([^])|([^])/g)].map(([, escaped, plain = ""]) =>
    escaped === undefined && plain === "*" ? "[^]*" : (escaped ?? plain).replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
  );
  return new RegExp(`^${parts.join("")}$`);
}
