import type { DeclaredDeveloper, DepartmentState, PlatformState } from "../../config/declared-state";
import { blockedByField, blockerOf, blocksOf } from "../shared/blocks";
import { dayOf, keyAlias, modelGroups, planKey } from "../shared/entitlements";
import { LiteLLMError, tokenOf, type LiteLLM } from "../shared/litellm";
import type { StoredKey } from "../shared/litellm-types";
import type { SecretState, Vault } from "./vault";

/** Steps of Secrets Manager's rotation, in their order. */
export type Step = "createSecret" | "setSecret" | "testSecret" | "finishSecret";

/** Lifetime of a key in days: two rotations, so that one failed rotation locks nobody out. */
export const lifetimeDays = 14;

/** Hours in which the key before still works: sessions that run on it end in peace. */
export const overlapHours = 24;

/** What one rotation works with. */
export interface Rotation {
  readonly vault: Vault;
  /** LiteLLM with the master key. */
  readonly gateway: LiteLLM;
  /** LiteLLM with the key under test. */
  readonly gatewayAs: (key: string) => LiteLLM;
  readonly organization: string;
  readonly platform: () => Promise<PlatformState>;
  /** Undefined when the department declares nothing. */
  readonly department: (name: string) => Promise<DepartmentState | undefined>;
  readonly now: () => Date;
}

/**
 * Owner of a secret, from its name `cline/ORGANIZATION/DEPARTMENT/DEVELOPER/virtual-key`.
 * @throws Error for any other name.
 */
export function ownerOf(
  organization: string,
  secretName: string,
): { readonly department: string; readonly developer: string } {
  const [prefix, found, department, developer, suffix, ...more] = secretName.split("/");
  const fits = prefix === "cline" && found === organization && suffix === "virtual-key" && more.length === 0;
  if (!fits || !department || !developer) throw new Error(`${secretName}: not a virtual key of ${organization}`);
  return { department, developer };
}

/**
 * One step of a rotation, safe to repeat after any failure. The key of a version has the version's id in its alias, so a key whose value was
 * lost on the way, or whose version is gone, is found and revoked: at the end there is one current key, the one before it for a while, and
 * no other.
 */
export async function rotate(rotation: Rotation, step: Step, version: string): Promise<void> {
  const { vault } = rotation;
  const state = await vault.state();
  if (state.versions["AWSCURRENT"] === version) {
    if (step === "finishSecret") await endOthers(rotation, state, version);
    return;
  }
  if (state.versions["AWSPENDING"] !== version) {
    throw new Error(`${state.name}: version ${version} is not pending; a newer rotation has taken its place`);
  }
  switch (step) {
    case "createSecret":
      return create(rotation, state, version);
    case "setSecret":
      return set(rotation, state, version);
    case "testSecret":
      return test(rotation, state, version);
    case "finishSecret":
      await vault.promote(version, state.versions["AWSCURRENT"]);
      return endOthers(rotation, await vault.state(), version);
  }
}

interface Owner {
  readonly platform: PlatformState;
  readonly state: DepartmentState;
  readonly developer: DeclaredDeveloper;
}

async function declaredOwner(rotation: Rotation, secretName: string): Promise<Owner> {
  const { department, developer: id } = ownerOf(rotation.organization, secretName);
  const [platform, state] = await Promise.all([rotation.platform(), rotation.department(department)]);
  const developer = state?.developers.find((candidate) => candidate.id === id);
  if (state === undefined || developer === undefined) {
    throw new Error(
      `stacks/Pulumi.${department}.yaml  cline:department.developers: ${id} is not declared; no key is made`,
    );
  }
  return { platform, state, developer };
}

async function create(rotation: Rotation, state: SecretState, version: string): Promise<void> {
  const { vault, gateway, now } = rotation;
  const { platform, state: department, developer } = await declaredOwner(rotation, state.name);
  const own = await gateway.keysOfUser(department.department, developer.id);
  if ((await vault.value(version)) !== undefined) return;

  // Keys without a version are held by nobody: their value was lost, or their rotation was abandoned.
  const held = ["AWSCURRENT", "AWSPREVIOUS"].flatMap((stage) => state.versions[stage] ?? []);
  const aliases = held.map((id) => keyAlias(department.department, developer.id, id));
  const lost = own.filter(({ key_alias }) => key_alias === null || !aliases.includes(key_alias));
  await gateway.revokeKeys(lost.map(({ token }) => token));

  const before = own.find(
    ({ key_alias }) => key_alias === keyAlias(department.department, developer.id, state.versions["AWSCURRENT"] ?? ""),
  );
  // A restored database does not know the current key: spend and block of older keys apply.
  const older = before === undefined ? own : [before];
  const blockedBy =
    (await recordedBlocker(gateway, department.department, developer.id)) ??
    older.flatMap(({ metadata }) => blockerOf(metadata) ?? [])[0];
  const settings = planKey(platform, department, developer, dayOf(now()), version);
  const key = await gateway.createKey({
    ...settings,
    metadata: { ...settings.metadata, ...(blockedBy === undefined ? {} : { [blockedByField]: blockedBy }) },
    duration: `${String(lifetimeDays)}d`,
    // A rotation gives no new budget.
    spend: Math.max(0, ...older.map(({ spend }) => spend)),
    blocked: developer.blocked || blockedBy !== undefined,
  });
  // If this fails, the value may have been stored. The repeated step checks, and revokes the key only if not.
  await vault.putPending(version, key);
}

/** Who else than the lead blocked a developer; undefined when nobody did. */
async function recordedBlocker(gateway: LiteLLM, department: string, developer: string): Promise<string | undefined> {
  return blocksOf((await gateway.team(department))?.team.metadata)[developer];
}

/**
 * The pending key and LiteLLM's record of it. If LiteLLM has lost it, the version is abandoned; the
 * next rotation makes another.
 */
async function pending(
  rotation: Rotation,
  state: SecretState,
  version: string,
): Promise<{ key: string; stored: StoredKey }> {
  const key = await rotation.vault.value(version);
  const stored = key === undefined ? undefined : await rotation.gateway.keyInfo(tokenOf(key));
  if (key === undefined || stored === undefined) {
    await rotation.vault.abandon(version);
    throw new Error(`${state.name}: LiteLLM does not know the pending key; it is given up, rotate again`);
  }
  return { key, stored };
}

/** The declaration may have changed since the key was made: its limits are set once more. */
async function set(rotation: Rotation, state: SecretState, version: string): Promise<void> {
  const { stored } = await pending(rotation, state, version);
  const { platform, state: department, developer } = await declaredOwner(rotation, state.name);
  const {
    key_alias: _alias,
    user_id: _user,
    team_id: _team,
    ...limits
  } = planKey(platform, department, developer, dayOf(rotation.now()), version);
  await rotation.gateway.updateKey(stored.token, {
    ...limits,
    metadata: { ...stored.metadata, ...limits.metadata },
  });
  const blocked =
    developer.blocked || (await recordedBlocker(rotation.gateway, department.department, developer.id)) !== undefined;
  if (blocked && stored.blocked !== true) await rotation.gateway.blockKey(stored.token);
}

/** LiteLLM's status for a known key whose budget is exhausted (`budget_exceeded_status_code`). */
const budgetExceeded = 422;

/**
 * Tests the key: the gateway accepts it, with the declared models only. A blocked key and an
 * exhausted budget pass the test.
 */
async function test(rotation: Rotation, state: SecretState, version: string): Promise<void> {
  const { key, stored } = await pending(rotation, state, version);
  if (stored.blocked === true) return;
  const { developer, state: department } = await declaredOwner(rotation, state.name);
  const offered = await rotation
    .gatewayAs(key)
    .models()
    .catch((fault: unknown) => {
      if (fault instanceof LiteLLMError && fault.status === budgetExceeded) return undefined;
      throw fault;
    });
  if (offered === undefined) return;
  const declared: readonly string[] = modelGroups(department, developer);
  if (offered.length === 0 || offered.some((model) => !declared.includes(model))) {
    throw new Error(
      `${state.name}: the gateway offers ${offered.join(", ") || "nothing"}; declared ${declared.join(", ")}`,
    );
  }
}

/** The key before ends after the overlap; keys of no version end now. */
async function endOthers(rotation: Rotation, state: SecretState, current: string): Promise<void> {
  const { gateway, now } = rotation;
  const { department, developer } = ownerOf(rotation.organization, state.name);
  const alias = (version: string | undefined) => keyAlias(department, developer, version ?? "");
  const end = now().getTime() + overlapHours * 3_600_000;
  for (const key of await gateway.keysOfUser(department, developer)) {
    if (key.key_alias === alias(current)) continue;
    if (key.key_alias !== alias(state.versions["AWSPREVIOUS"])) await gateway.revokeKeys([key.token]);
    else if (key.expires === null || new Date(key.expires).getTime() > end) {
      await gateway.updateKey(key.token, { duration: `${String(overlapHours)}h` });
    }
  }
}
