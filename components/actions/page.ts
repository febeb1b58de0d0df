import type { ActionScope } from "./scope";
import { actionTable, callers, functionPlans } from "./table";

const code = (text: string): string => `\`${text}\``;
const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], body: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => "---")), ...body.map(row)].join("\n");

/** Actions by service: `s3: GetObject, PutObject`. */
function byService(actions: readonly string[]): string {
  const services = new Map<string, string[]>();
  for (const action of actions) {
    const [service = "", name = ""] = action.split(":");
    services.set(service, [...(services.get(service) ?? []), name]);
  }
  return [...services].map(([service, names]) => `${code(service)} ${names.join(", ")}`).join("; ") || "–";
}

/**
 * docs/callers.md: callers with their services, actions with their endpoint and condition,
 * functions with their schedule.
 */
export function callersPage(scope: ActionScope): string {
  const place = { network: "inside a network", outside: "outside" };
  const functions = functionPlans(scope).map(({ purpose, physicalPurpose = purpose, ...plan }) => [
    code(physicalPurpose),
    place[plan.place],
    Object.entries(plan.connects ?? {})
      .map(([noun, port]) => `${noun} ${String(port)}`)
      .join(", ") || "–",
    plan.schedule?.expression ?? "–",
    String(plan.timeout ?? 60),
    String(plan.memory ?? 256),
  ]);
  const calls = callers(scope).map(({ name, actions, ...caller }) => [
    code(name),
    place[caller.place],
    caller.boundary ?? "–",
    byService(actions),
  ]);
  const actions = actionTable(scope).map(({ action, endpoints, ownResources, condition, callers: names }) => [
    code(action),
    endpoints.map(code).join(", ") || "–",
    ownResources ? "yes" : "no",
    condition ?? "–",
    names.join(", "),
  ]);
  return `# Who calls which AWS service

\`npm run callers\` writes this page from components/actions; a test fails when it is stale. Endpoint
policies, the workload boundary and the names that resolve come from the same table. A change of
this page is a change of rights: the security team reviews it.

## Functions

${table(["Function", "Runs", "Connects to", "Schedule", "Timeout (s)", "Memory (MiB)"], functions)}

## Callers

A role may do what its row holds, on resources that its own policy names. The rows "every function"
add to each function's own.

${table(["Role", "Runs", "Boundary", "Actions"], calls)}

## Actions

"Endpoint": the interface or gateway endpoint that the request passes; none where no caller inside a
network sends it. "Own account": the endpoint's policy compares the resource's account. "Condition":
the workload boundary's, where it is more than this account's resources.

${table(["Action", "Endpoint", "Own account", "Condition", "Callers"], actions)}
`;
}
