import { type ResourcePolicy, resourcePolicy } from "../../frame/policy";

/** A policy against whole types of resource. `allowed` names what makes one harmless. */
export function forbids(
  facts: Pick<ResourcePolicy, "name" | "description" | "severity" | "controls" | "url" | "remediation">,
  types: Readonly<Record<string, string>>,
  allowed?: { readonly path: string; readonly value: string },
): ResourcePolicy {
  return resourcePolicy({
    ...facts,
    level: "mandatory",
    types: Object.keys(types),
    check(resource, report) {
      const judge = () => report.violation(`it is ${types[resource.type] ?? resource.type}`);
      if (allowed === undefined) judge();
      else if (resource.at(allowed.path).text() !== allowed.value) judge();
    },
  });
}
