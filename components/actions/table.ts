import { artifactFunctions } from "../artifacts/functions";
import { costFunctions } from "../cost/functions";
import { databaseFunctions } from "../database/functions";
import { encryptionFunctions } from "../encryption/functions";
import { gatewayFunctions } from "../gateway/functions";
import { observabilityFunctions } from "../observability/functions";
import type { Statement } from "../policy-document";
import { workspaceFunctions } from "../workspace/functions";
import { planInstanceStatements } from "../workspace/instance-policy";
import { checkedByAws, conditions, endpointsOf, withoutOwner } from "./facts";
import type { FunctionPlan } from "./function-plan";
import type { ActionScope } from "./scope";
import { workloads, type Caller } from "./workloads";

/** One AWS action with its callers, endpoints and conditions. */
export interface ActionRow {
  /** As IAM names it, e.g. `ecs:RunTask`. */
  readonly action: string;
  /** Endpoint services of the action; empty when no caller inside a network sends it. */
  readonly endpoints: readonly string[];
  /** Whether an endpoint's policy compares the resource's account. */
  readonly ownResources: boolean;
  /** The workload boundary's own condition, in words; absent: on this account's resources. */
  readonly condition?: string;
  /** Names of its callers. */
  readonly callers: readonly string[];
}

/** All functions of all components, as one stack would create them. */
export const functionPlans = ({ context, models, host }: ActionScope): readonly FunctionPlan[] => [
  ...gatewayFunctions(context, models, host),
  ...[
    ...costFunctions,
    ...observabilityFunctions,
    ...databaseFunctions,
    ...artifactFunctions,
    ...workspaceFunctions,
    ...encryptionFunctions,
  ].map((plan) => plan(context)),
];

const listed = (value: Statement["Action"]): readonly string[] => (typeof value === "string" ? [value] : (value ?? []));
const sorted = (actions: Iterable<string>): readonly string[] => [...new Set(actions)].sort();

const allowedBy = (statements: readonly Statement[]): readonly string[] =>
  sorted(statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => listed(Action)));

const callerOf = ({ purpose, physicalPurpose = purpose, place, statements }: FunctionPlan): Caller => ({
  name: physicalPurpose,
  place,
  boundary: "workload",
  actions: allowedBy(statements),
});

/** Instances of workspaces, by the policy that each gets. */
function workspaceCaller({ context }: ActionScope): Caller {
  const batches = { bucketName: "batches", gateway: context };
  const statements = planInstanceStatements({ context, developer: "developer", foundation: context, batches });
  return { name: "ws-*", place: "network", boundary: "workload", actions: allowedBy(statements) };
}

/**
 * All callers with a workload's role, and their actions. The same for every stack; only ARNs depend
 * on `scope`.
 */
export const callers = (scope: ActionScope): readonly Caller[] => [
  ...functionPlans(scope).map(callerOf),
  workspaceCaller(scope),
  ...workloads,
];

/** The table: every action that some caller calls, sorted. */
export function actionTable(scope: ActionScope): readonly ActionRow[] {
  const all = callers(scope);
  return sorted(all.flatMap(({ actions }) => actions)).map((action): ActionRow => {
    const own = all.filter(({ actions }) => actions.includes(action));
    const passes = own.some(({ place }) => place === "network") && !checkedByAws.includes(action);
    const condition = conditions[action];
    return {
      action,
      endpoints: passes ? endpointsOf(action) : [],
      ownResources: !withoutOwner.includes(action),
      ...(condition !== undefined && { condition }),
      callers: own.map(({ name }) => name),
    };
  });
}

/**
 * Actions of callers inside a network on one endpoint service: on this account's resources, and
 * where no account can be compared.
 */
export function endpointActions(scope: ActionScope, service: string): Record<"own" | "unowned", readonly string[]> {
  const rows = actionTable(scope).filter(({ endpoints }) => endpoints.includes(service));
  const passing = new Set(rows.map(({ action }) => action));
  return {
    own: rows.filter(({ ownResources }) => ownResources).map(({ action }) => action),
    unowned: withoutOwner.filter((action) => passing.has(action)),
  };
}

/**
 * Actions that the boundary allows workloads on all of this account's resources: those without a
 * condition of their own, sorted.
 */
export function workloadActions(scope: ActionScope): readonly string[] {
  const held = callers(scope).filter(({ boundary }) => boundary === "workload" || boundary === "gateway");
  return sorted(held.flatMap(({ actions }) => actions)).filter((action) => conditions[action] === undefined);
}

/**
 * Actions of one caller on one service, e.g. `iam`, that have a condition of their own in the
 * boundary.
 */
export function conditionalActions(scope: ActionScope, caller: string, service: string): readonly string[] {
  const own = callers(scope).find(({ name }) => name === caller);
  return (own?.actions ?? []).filter(
    (action) => action.startsWith(`${service}:`) && conditions[action] !== undefined && !checkedByAws.includes(action),
  );
}
