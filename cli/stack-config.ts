import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

/** Name of the project, from Pulumi.yaml. */
export function projectName(root: string): string {
  const { name } = parse(readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as { name?: unknown };
  if (typeof name !== "string") throw new Error("Pulumi.yaml has no `name`");
  return name;
}

/**
 * A stack's configuration as Pulumi passes it to the program. A key without a namespace is the
 * project's. Objects, lists, numbers and booleans are JSON text.
 */
export function stackConfig(root: string, project: string, stack: string): Record<string, string> {
  const file = path.join(root, "stacks", `Pulumi.${stack}.yaml`);
  const { config = {} } = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.includes(":") ? key : `${project}:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
