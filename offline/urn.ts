const STACK_TYPE = "pulumi:pulumi:Stack";

/** The type a URN names, without its parents' types. */
export const typeOf = (urn: string): string => (urn.split("::")[2] ?? "").split("$").pop() ?? "";

/** The logical name a URN ends in; it may itself hold `::`. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/**
 * The URN the engine gives: the parents' types are part of it, unless the parent is the stack
 * itself.
 */
export function urnOf(stack: string, project: string, parent: string, type: string, name: string): string {
  const parentTypes = parent === "" ? "" : (parent.split("::")[2] ?? "");
  const qualified = parentTypes === "" || parentTypes === STACK_TYPE ? type : `${parentTypes}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}
