/** A session document's parts that the service acts on. */
export interface SessionDocument {
  readonly sessionType: string;
  readonly parameters?: Readonly<Record<string, { readonly allowedPattern?: string; readonly default?: string }>>;
  readonly properties?: Readonly<Record<string, string>>;
  readonly inputs?: { readonly kmsKeyId?: string };
}

/** What a session is, once the document's parameters have values. */
export interface SessionPlan {
  readonly sessionType: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly keyId?: string;
}

/**
 * Fills a document with the caller's parameters.
 * @returns the fault as Session Manager words it, where a value is not allowed
 */
export function planSession(
  { sessionType, parameters = {}, properties = {}, inputs }: SessionDocument,
  given: Readonly<Record<string, readonly string[]>>,
): SessionPlan | { readonly fault: string } {
  for (const [name, [value = ""]] of Object.entries(given)) {
    const declared = parameters[name];
    if (declared === undefined) return { fault: `Parameter ${name} is not declared in the document` };
    if (!new RegExp(declared.allowedPattern ?? "").test(value))
      return { fault: `Parameter ${name} does not match its pattern` };
  }
  const valueOf = (name: string): string => given[name]?.[0] ?? parameters[name]?.default ?? "";
  const filled = Object.entries(properties).map(([key, value]) => [
    key,
    value.replace(/\{\{ (\w+) \}\}/g, (_, name: string) => valueOf(name)),
  ]);
  return {
    sessionType,
    properties: Object.fromEntries(filled) as Record<string, string>,
    ...(inputs?.kmsKeyId !== undefined && { keyId: inputs.kmsKeyId }),
  };
}
