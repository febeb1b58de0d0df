import { isDeepStrictEqual } from "node:util";
import type { DepartmentState, PlatformState } from "../../config/declared-state";
import { noCommitment, type BatchCommitment } from "../shared/batch-ledger";
import { blockerOf, blocksOf } from "../shared/blocks";
import { planKey, planMember, planTeam } from "../shared/entitlements";
import type { LiteLLM } from "../shared/litellm";
import type {
  KeySettings,
  MemberSettings,
  StoredKey,
  StoredMember,
  StoredTeam,
  TeamSettings,
} from "../shared/litellm-types";

/** What LiteLLM has of a department. */
export interface Found {
  readonly team: StoredTeam | undefined;
  readonly members: readonly StoredMember[];
  readonly keys: readonly StoredKey[];
}

/**
 * One step towards the declared state. `narrows`: it removes a right or lowers a limit, so it runs
 * first.
 */
export interface Change {
  readonly what: string;
  readonly subject: string;
  readonly narrows: boolean;
  readonly apply: (gateway: LiteLLM) => Promise<unknown>;
}

/** The member that LiteLLM adds to every team it makes. */
const ownMember = "default_user_id";

const sameSet = (a: readonly string[] | null | undefined, b: readonly string[]) =>
  a?.length === b.length && [...a].sort().join() === [...b].sort().join();
const sameMoney = (a: number | null | undefined, b: number) => typeof a === "number" && Math.abs(a - b) < 0.005;
/** Whatever the order of fields: PostgreSQL keeps its own. */
const holds = (
  found: Readonly<Record<string, unknown>> | null | undefined,
  wanted: Readonly<Record<string, unknown>>,
) => Object.entries(wanted).every(([key, value]) => isDeepStrictEqual(found?.[key], value));
const lower = (wanted: number, found: number | null | undefined) =>
  found === null || found === undefined || wanted < found;

function teamChanges(wanted: TeamSettings, found: StoredTeam | undefined): Change[] {
  const subject = wanted.team_id;
  if (found === undefined) {
    return [{ what: "team made", subject, narrows: false, apply: (gateway) => gateway.createTeam(wanted) }];
  }
  const same =
    sameSet(found.models, wanted.models) &&
    sameMoney(found.max_budget, wanted.max_budget) &&
    found.budget_duration === wanted.budget_duration &&
    found.tpm_limit === wanted.tpm_limit &&
    found.rpm_limit === wanted.rpm_limit &&
    holds(found.metadata, wanted.metadata) &&
    (found.blocked ?? false) === wanted.blocked;
  if (same) return [];
  const narrows =
    lower(wanted.max_budget, found.max_budget) ||
    lower(wanted.tpm_limit, found.tpm_limit) ||
    lower(wanted.rpm_limit, found.rpm_limit) ||
    found.models.some((model) => !wanted.models.includes(model));
  return [{ what: "team set", subject, narrows, apply: (gateway) => gateway.updateTeam(wanted) }];
}

function memberChanges(
  wanted: MemberSettings,
  found: StoredMember | undefined,
  isMember: boolean,
  now: Date,
): Change[] {
  const subject = `${wanted.team_id}/${wanted.user_id}`;
  if (!isMember) {
    const apply = async (gateway: LiteLLM) => {
      await gateway.ensureUser(wanted.user_id);
      await gateway.addMember(wanted);
    };
    return [{ what: "member added", subject, narrows: false, apply }];
  }
  const budget = found?.litellm_budget_table;
  const changes: Change[] = [];
  const same =
    sameMoney(budget?.max_budget, wanted.max_budget_in_team) &&
    budget?.budget_duration === wanted.budget_duration &&
    budget.tpm_limit === wanted.tpm_limit &&
    budget.rpm_limit === wanted.rpm_limit &&
    sameSet(budget.allowed_models ?? [], wanted.allowed_models);
  if (!same) {
    const narrows = lower(wanted.max_budget_in_team, budget?.max_budget) || lower(wanted.rpm_limit, budget?.rpm_limit);
    changes.push({ what: "member set", subject, narrows, apply: (gateway) => gateway.updateMember(wanted) });
  }
  // An hour's grace: LiteLLM's own job runs every few minutes, and has been seen to forget members.
  const due = budget?.budget_reset_at;
  if (due && new Date(due).getTime() < now.getTime() - 3_600_000) {
    const apply = async (gateway: LiteLLM) => {
      await gateway.resetMemberSpend(wanted.team_id, wanted.user_id);
      // Setting the duration anew moves the next reset to the next month.
      await gateway.updateMember(wanted);
    };
    changes.push({ what: "member's spend reset", subject, narrows: false, apply });
  }
  return changes;
}

function keyChanges(wanted: KeySettings, found: StoredKey, blocked: boolean): Change[] {
  const subject = found.key_alias ?? found.token.slice(0, 8);
  const changes: Change[] = [];
  const isBlocked = found.blocked ?? false;
  const byPerson = blockerOf(found.metadata) !== undefined;
  if ((blocked || byPerson) && !isBlocked) {
    changes.push({ what: "key blocked", subject, narrows: true, apply: (gateway) => gateway.blockKey(found.token) });
  }
  const same =
    sameSet(found.models, wanted.models) &&
    sameMoney(found.max_budget, wanted.max_budget) &&
    found.budget_duration === wanted.budget_duration &&
    found.tpm_limit === wanted.tpm_limit &&
    found.rpm_limit === wanted.rpm_limit &&
    holds(found.metadata, wanted.metadata);
  if (!same) {
    const narrows =
      lower(wanted.max_budget, found.max_budget) ||
      lower(wanted.tpm_limit, found.tpm_limit) ||
      lower(wanted.rpm_limit, found.rpm_limit) ||
      found.models.some((model) => !wanted.models.includes(model));
    const { models, max_budget, budget_duration, tpm_limit, rpm_limit, allowed_routes } = wanted;
    const metadata = { ...found.metadata, ...wanted.metadata };
    const settings = { models, max_budget, budget_duration, tpm_limit, rpm_limit, allowed_routes, metadata };
    changes.push({ what: "key set", subject, narrows, apply: (gateway) => gateway.updateKey(found.token, settings) });
  }
  if (!blocked && !byPerson && isBlocked) {
    changes.push({
      what: "key unblocked",
      subject,
      narrows: false,
      apply: (gateway) => gateway.unblockKey(found.token),
    });
  }
  return changes;
}

/**
 * Changes that bring LiteLLM to a department's declaration. Narrowing changes come first, so that
 * an aborted run widens nothing.
 * Batch reservations are deducted from the budgets of team and members. A key keeps its owner's
 * whole share; the member's limit applies on top.
 */
export function planChanges(
  platform: PlatformState,
  state: DepartmentState,
  found: Found,
  now: Date,
  batches: BatchCommitment = noCommitment,
): Change[] {
  const today = now.toISOString().slice(0, 10);
  const people = new Map(state.developers.map((developer) => [developer.id, developer]));
  const members = new Map(found.members.map((member) => [member.user_id, member]));
  const inTeam = (found.team?.members_with_roles ?? []).flatMap(({ user_id }) => user_id ?? []);
  const blocks = blocksOf(found.team?.metadata);
  const changes: Change[] = [];

  const strays = found.keys.filter(({ user_id }) => user_id === null || !people.has(user_id));
  if (strays.length > 0) {
    changes.push({
      what: "keys revoked",
      subject: strays.map((key) => key.key_alias ?? key.token.slice(0, 8)).join(", "),
      narrows: true,
      apply: (gateway) => gateway.revokeKeys(strays.map((key) => key.token)),
    });
  }
  for (const gone of inTeam.filter((id) => id !== ownMember && !people.has(id))) {
    changes.push({
      what: "member removed",
      subject: `${state.department}/${gone}`,
      narrows: true,
      apply: (gateway) => gateway.removeMember(state.department, gone),
    });
  }
  changes.push(...teamChanges(planTeam(platform, state, today, batches.departmentUsd), found.team));
  for (const developer of state.developers) {
    const { id } = developer;
    const wanted = planMember(platform, state, developer, today, batches.byDeveloper.get(id));
    changes.push(...memberChanges(wanted, members.get(id), inTeam.includes(id), now));
  }
  for (const key of found.keys) {
    const developer = people.get(key.user_id ?? "");
    if (developer === undefined) continue;
    changes.push(
      ...keyChanges(planKey(platform, state, developer, today, ""), key, developer.blocked || developer.id in blocks),
    );
  }
  return [...changes.filter(({ narrows }) => narrows), ...changes.filter(({ narrows }) => !narrows)];
}
