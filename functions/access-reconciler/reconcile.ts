import type { DepartmentState, PlatformState } from "../../config/declared-state";
import type { BatchCommitment } from "../shared/batch-ledger";
import { refusals } from "../shared/entitlements";
import { LiteLLMError, type LiteLLM } from "../shared/litellm";
import { planChanges, type Found } from "./changes";

/** Says what was changed; every change is told once it has happened. */
export type Tell = (what: string, details: Readonly<Record<string, string | number>>) => void;

async function look(gateway: LiteLLM, department: string): Promise<Found> {
  const found = await gateway.team(department);
  if (found === undefined) return { team: undefined, members: [], keys: [] };
  return { ...found, keys: await gateway.keysOfTeam(department) };
}

/**
 * Reconciles one department and returns the number of changes; a second run changes nothing.
 * Concurrent runs end in the same state: a refusal of LiteLLM makes the run read the state again.
 * @throws Error with every refusal when the declaration exceeds its cap; nothing is changed then.
 */
export async function reconcileDepartment(
  gateway: LiteLLM,
  platform: PlatformState,
  state: DepartmentState,
  now: Date,
  tell: Tell,
  batches?: BatchCommitment,
): Promise<number> {
  const refused = refusals(platform, state);
  if (refused.length > 0) throw new Error(refused.join("\n"));
  for (let changed = 0, attempt = 1; ; attempt++) {
    try {
      for (const change of planChanges(platform, state, await look(gateway, state.department), now, batches)) {
        await change.apply(gateway);
        changed++;
        tell(change.what, { department: state.department, subject: change.subject, declaredBy: state.source });
      }
      return changed;
    } catch (fault) {
      const raced = fault instanceof LiteLLMError && [400, 404, 409].includes(fault.status);
      if (!raced || attempt === 3) throw fault;
    }
  }
}

/**
 * Revokes every key of a department that declares nothing any more, and blocks its team. The team's
 * spend stays.
 */
export async function closeDepartment(gateway: LiteLLM, department: string, tell: Tell): Promise<number> {
  const found = await look(gateway, department);
  const { team } = found;
  if (team === undefined || (found.keys.length === 0 && team.blocked === true)) return 0;
  await gateway.revokeKeys(found.keys.map(({ token }) => token));
  const { team_id, team_alias, models, max_budget, budget_duration, tpm_limit, rpm_limit, metadata } = team;
  await gateway.updateTeam({
    team_id,
    team_alias,
    models,
    max_budget,
    budget_duration,
    tpm_limit,
    rpm_limit,
    metadata,
    blocked: true,
  });
  tell("department closed", { department, keys: found.keys.length });
  return 1;
}

/** Team of the gateway's own canary. No department can have this name. */
export const canaryTeam = "_canary";

/**
 * Makes the canary's team and its key, whose value is in a secret. The key only lists models and
 * costs nothing.
 */
export async function ensureCanary(gateway: LiteLLM, key: string, token: string, tell: Tell): Promise<number> {
  if ((await gateway.keyInfo(token)) !== undefined) return 0;
  if ((await gateway.team(canaryTeam)) === undefined) {
    await gateway.createTeam({
      team_id: canaryTeam,
      team_alias: canaryTeam,
      models: ["light"],
      max_budget: 1,
      budget_duration: "30d",
      tpm_limit: 1000,
      rpm_limit: 60,
      metadata: { department: canaryTeam },
      blocked: false,
    });
  }
  await gateway.createKey({
    key,
    key_alias: `${canaryTeam}/${token.slice(0, 16)}`,
    user_id: canaryTeam,
    team_id: canaryTeam,
    models: ["light"],
    max_budget: 1,
    budget_duration: "30d",
    tpm_limit: 1000,
    rpm_limit: 60,
    metadata: { department: canaryTeam },
    allowed_routes: ["/v1/models"],
  });
  tell("canary's key made", { team: canaryTeam });
  return 1;
}
