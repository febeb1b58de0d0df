import { extraCents, toCents, toUsd } from "../../config/budget";
import type { DeclaredDeveloper, DepartmentState, PlatformState } from "../../config/declared-state";
import type { Limits } from "../../config/model";
import { gatewayRoutes } from "../../config/gateway-routes";
import { embeddingGroup, priorities, type ModelGroup } from "../../config/terms";
import type { KeySettings, MemberSettings, TeamSettings } from "./litellm-types";

/** Budgets start anew on the first of the calendar month: so LiteLLM was seen to read `30d`. */
const month = "30d";

/** Whether the department's stack made an inference profile of the model of embeddings: its gateway opens them. */
const embeds = ({ profiles }: Pick<DepartmentState, "profiles">): boolean => profiles[embeddingGroup] !== undefined;

/**
 * LiteLLM's routes of a virtual key: those that answer developers, and that of embeddings where the department has them. All others are
 * closed to it, whatever extras a gateway has.
 */
export const keyRoutes = (state: Pick<DepartmentState, "profiles">): readonly string[] =>
  gatewayRoutes(embeds(state) ? ["embeddings"] : [])
    .filter(({ caller, answeredFrom }) => caller === "developer" && answeredFrom === undefined)
    .map(({ path }) => path);

/** Model groups that a department or a developer with these limits may call. */
export const modelGroups = (
  state: Pick<DepartmentState, "profiles">,
  { models }: Pick<Limits, "models">,
): ModelGroup[] => [...models, ...(embeds(state) ? ([embeddingGroup] as const) : [])];

const rank = (priority: string) => priorities.indexOf(priority as Limits["priority"]);

/** Where `asked` exceeds `most`, one line for each limit, as faults of stack files read. */
function excesses(at: string, asked: Limits, most: Limits, whose: string): string[] {
  const faults: string[] = [];
  for (const limit of ["monthlyBudgetUsd", "tpm", "rpm"] as const) {
    if (asked[limit] > most[limit]) {
      faults.push(`${at}.${limit}: found ${String(asked[limit])}; allowed at most ${String(most[limit])}, ${whose}`);
    }
  }
  const foreign = asked.models.filter((model) => !most.models.includes(model));
  if (foreign.length > 0) {
    faults.push(`${at}.models: found ${foreign.join(", ")}; allowed ${most.models.join(", ")}, ${whose}`);
  }
  if (rank(asked.priority) > rank(most.priority)) {
    faults.push(`${at}.priority: found ${asked.priority}; allowed at most ${most.priority}, ${whose}`);
  }
  return faults;
}

/**
 * Faults of a declaration against its cap, one line each: file, path, found, allowed.
 * The check of stack files refuses the same earlier; this one covers declarations that bypassed it.
 */
export function refusals(platform: PlatformState, state: DepartmentState): string[] {
  const cap = platform.caps[state.department] ?? platform.caps.default;
  const at = `${state.source}  cline:department`;
  const faults = excesses(at, state, cap, `the cap in ${platform.source}`);
  const shares = state.developers.reduce((sum, { monthlyBudgetUsd }) => sum + toCents(monthlyBudgetUsd), 0);
  if (shares > toCents(state.monthlyBudgetUsd)) {
    faults.push(
      `${at}.developers: shares add up to ${String(toUsd(shares))}; allowed at most ${String(state.monthlyBudgetUsd)}, the department's budget`,
    );
  }
  for (const developer of state.developers) {
    faults.push(...excesses(`${at}.developers.${developer.id}`, developer, state, "what the department has"));
  }
  return faults;
}

/**
 * Faults where all departments together, with running extra budgets, exceed the organization's
 * budget. `today` is an ISO date (UTC).
 */
export function organizationRefusals(
  platform: PlatformState,
  states: readonly DepartmentState[],
  today: string,
): string[] {
  const declared = states.reduce((sum, { monthlyBudgetUsd }) => sum + toCents(monthlyBudgetUsd), 0);
  const total = declared + extraCents(platform.extraBudgets, today);
  if (total <= toCents(platform.monthlyBudgetUsd)) return [];
  return [
    `${platform.source}  cline:platform.monthlyBudgetUsd: departments and extra budgets add up to ${String(toUsd(total))}; ` +
      `allowed at most ${String(platform.monthlyBudgetUsd)}`,
  ];
}

/** A department's extra budgets that run on `today`, in cents. */
const extraOf = (platform: PlatformState, department: string, today: string): number =>
  extraCents(
    platform.extraBudgets.filter((extra) => extra.department === department),
    today,
  );

/** What a department may spend, running extra budgets included, in US dollars. */
export const departmentBudgetUsd = (platform: PlatformState, state: DepartmentState, today: string): number =>
  toUsd(toCents(state.monthlyBudgetUsd) + extraOf(platform, state.department, today));

/** A budget after batch reservations are deducted, both in US dollars, floored to cents. */
const besideBatches = (budgetUsd: number, batchUsd: number): number =>
  toUsd(Math.max(0, Math.floor(toCents(budgetUsd) - batchUsd * 100)));

/**
 * A department's team. Its budget includes extra budgets until the end of their last day.
 * `batchUsd` is the sum of batch reservations this month. LiteLLM does not count them, so they are
 * deducted here.
 */
export function planTeam(platform: PlatformState, state: DepartmentState, today: string, batchUsd = 0): TeamSettings {
  const { department } = state;
  return {
    team_id: department,
    team_alias: department,
    models: modelGroups(state, state),
    max_budget: besideBatches(departmentBudgetUsd(platform, state, today), batchUsd),
    budget_duration: month,
    tpm_limit: state.tpm,
    rpm_limit: state.rpm,
    metadata: {
      department,
      costCenter: state.costCenter,
      keepPromptText: state.keepPromptText,
      profiles: state.profiles,
      declaredBy: state.source,
    },
    blocked: false,
  };
}

/**
 * A person's budget in US dollars: the share, plus the same fraction of running extra budgets,
 * floored to cents.
 */
export function personBudgetUsd(
  platform: PlatformState,
  state: DepartmentState,
  developer: DeclaredDeveloper,
  today: string,
): number {
  const share = toCents(developer.monthlyBudgetUsd);
  const budget = toCents(state.monthlyBudgetUsd);
  const extra = budget === 0 ? 0 : Math.floor((extraOf(platform, state.department, today) * share) / budget);
  return toUsd(share + extra);
}

/**
 * A person as a member of the department's team. Its limits apply over all of the person's keys, so
 * that a rotation resets nothing.
 * `batchUsd` is deducted: the person's batch reservations this month.
 */
export function planMember(
  platform: PlatformState,
  state: DepartmentState,
  developer: DeclaredDeveloper,
  today: string,
  batchUsd = 0,
): MemberSettings {
  return {
    user_id: developer.id,
    team_id: state.department,
    max_budget_in_team: besideBatches(personBudgetUsd(platform, state, developer, today), batchUsd),
    budget_duration: month,
    tpm_limit: developer.tpm,
    rpm_limit: developer.rpm,
    allowed_models: modelGroups(state, developer),
  };
}

/** A person's key. `name` tells the person's keys apart; LiteLLM's aliases are unique over all. */
export function planKey(
  platform: PlatformState,
  state: DepartmentState,
  developer: DeclaredDeveloper,
  today: string,
  name: string,
): KeySettings {
  return {
    key_alias: keyAlias(state.department, developer.id, name),
    user_id: developer.id,
    team_id: state.department,
    models: modelGroups(state, developer),
    max_budget: personBudgetUsd(platform, state, developer, today),
    budget_duration: month,
    tpm_limit: developer.tpm,
    rpm_limit: developer.rpm,
    metadata: { department: state.department, developer: developer.id, priority: developer.priority },
    allowed_routes: keyRoutes(state),
  };
}

/** Alias of a person's key; the name is the version of the secret that holds it. */
export const keyAlias = (department: string, developer: string, name: string): string =>
  `${department}/${developer}/${name}`;

/** ISO date (UTC) of a moment. */
export const dayOf = (now: Date): string => now.toISOString().slice(0, 10);
