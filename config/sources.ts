import { knownEntries } from "./known";
import type { SourceSpec } from "./model";
import type { AnyStack, DepartmentStack } from "./stack-file";
import type { StackSet } from "./stack-set";

/** Departments with workspaces in a stack's own network. */
export const residentsOf = (stack: AnyStack, set: StackSet): readonly DepartmentStack[] =>
  stack.kind === "department"
    ? [stack]
    : set.departmentsOf(stack).filter((department) => !("cline:network" in department.config));

/** Sources that a department's file names, for its developers together or for one of them. */
export function sourcesOf({ config }: DepartmentStack): readonly string[] {
  const { workspace, developers } = config["cline:department"] ?? {};
  const own = knownEntries(developers).flatMap(([, developer]) => developer.workspace?.sources ?? []);
  return [...new Set([...(workspace?.sources ?? []), ...own])].sort();
}

/** Private names of a department's sources, as pairs of service and name. */
export const sourceHostsOf = ({ config }: DepartmentStack): readonly (readonly [service: string, host: string])[] =>
  knownEntries(config["cline:department"]?.sourceHosts).flatMap(([service, hosts]) =>
    hosts.map((host) => [service, host] as const),
  );

/** Sources of all workspaces in a stack's own network, by service. */
export function sourcesIn(stack: AnyStack, set: StackSet): readonly SourceSpec[] {
  const residents = residentsOf(stack, set);
  const hosts = residents.flatMap(sourceHostsOf);
  return [...new Set(residents.flatMap(sourcesOf))].sort().map((service) => ({
    service,
    hosts: [...new Set(hosts.filter(([of]) => of === service).map(([, host]) => host))].sort(),
  }));
}
