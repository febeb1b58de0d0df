import { type Fault, shown } from "./faults";

/**
 * Names whose roles would collide with those of people and boundaries: `org-ws-ID` is a workspace's
 * role, `default` a cap's name.
 */
const reserved = ["ws", "boundary", "operator", "auditor", "default"];

/** A stack's name is part of names in AWS. Undefined when the file's name is valid. */
export function stackNameFault(file: string, name: string, stack: string): Fault | undefined {
  const fault = (found: string, allowed: string, next: string): Fault => ({
    file,
    path: "file",
    found,
    allowed,
    next,
    line: 0,
    concern: "sums",
  });
  if (!name.startsWith("Pulumi.")) {
    const next = `rename it to Pulumi.${name.replace(/^pulumi\./i, "").replace(/\.ya?ml$/, "")}.yaml, or move it out of stacks/`;
    return fault("a name that does not begin with Pulumi.", "Pulumi.STACK.yaml", next);
  }
  if (name.endsWith(".yml")) {
    return fault("the ending .yml", "Pulumi.STACK.yaml", `rename it to Pulumi.${stack}.yaml`);
  }
  if (!/^[a-z](-?[a-z0-9])*$/.test(stack) || stack.length > 20) {
    const allowed =
      "a stack name of lower-case letters, digits and single hyphens that begins with a letter, 20 characters at most";
    return fault(shown(stack), allowed, "rename the file: a department's name is its stack's name");
  }
  if (reserved.includes(stack)) {
    return fault(shown(stack), `a stack name other than ${reserved.join(", ")}`, "rename the file");
  }
  return undefined;
}
