import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { blocksOf, withBlocks, type Blocks } from "./blocks";
import { send, type HttpAnswer } from "./http";
import type { KeySettings, MemberSettings, StoredKey, StoredMember, StoredTeam, TeamSettings } from "./litellm-types";

/**
 * SHA-256 of a key. LiteLLM stores it, and calls name a key by it: access logs then hold no key.
 */
export const tokenOf = (key: string): string => createHash("sha256").update(key).digest("hex");

/** An answer that is not 2xx. The message holds LiteLLM's own words, which name no key. */
export class LiteLLMError extends Error {
  constructor(
    readonly status: number,
    call: string,
    body: unknown,
  ) {
    super(`${call} answered ${String(status)}: ${wordsOf(body)}`);
    this.name = "LiteLLMError";
  }
}

/** What went wrong, in LiteLLM's words, without anything that looks like a key. */
function wordsOf(body: unknown): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return text.slice(0, 500).replaceAll(/sk-[\w-]+/g, "sk-…");
}

/** Where LiteLLM is, and who asks. */
export interface LiteLLMAccess {
  /** Base URL without path, e.g. `https://gateway.platform.example.cline.internal`. */
  readonly url: string;
  readonly ca?: string;
  /** The master key, or a virtual key for the calls of its owner. */
  readonly key: string;
}

/**
 * Calls that read, or after which a second call leaves the same behind. Updates of teams and keys
 * and `unblock` are not among them: they would undo a block or an update that came in between.
 * Probes are not: they have to see a refusal.
 */
const repeatable =
  /^\/(team\/(info|list|daily\/activity|new|member_add|member_update)|user\/new|key\/(info|list|block))(\?|$)/;

/** Answers of a load balancer that lost a task, and of LiteLLM while its database does not answer in time. */
const passing = new Set([502, 503, 504]);

/** Milliseconds before each repetition. A longer outage is for the next run. */
const defaultPauses = [500, 1500, 4000] as const;

/** The calls of LiteLLM's management API that this program makes; all are in its free edition. */
export class LiteLLM {
  /** Calls made, and those of them that changed something. */
  readonly calls = { all: 0, writes: 0 };

  /** @param pauses milliseconds before each repetition of a call that may be repeated */
  constructor(
    private readonly access: LiteLLMAccess,
    private readonly pauses: readonly number[] = defaultPauses,
  ) {}

  /** Undefined when there is no such team. */
  async team(
    teamId: string,
  ): Promise<{ readonly team: StoredTeam; readonly members: readonly StoredMember[] } | undefined> {
    const answer = await this.#call("GET", `/team/info?team_id=${encodeURIComponent(teamId)}`);
    if (answer.status === 404) return undefined;
    const found = this.#ok("/team/info", answer) as { team_info: StoredTeam; team_memberships: StoredMember[] };
    return { team: found.team_info, members: found.team_memberships };
  }

  /** Ids of all teams. */
  async teamIds(): Promise<string[]> {
    const found = this.#ok("/team/list", await this.#call("GET", "/team/list")) as { team_id: string }[];
    return found.map((team) => team.team_id);
  }

  /** All teams as the list has them: budget and spend of the current period, without members. */
  async teams(): Promise<Pick<StoredTeam, "team_id" | "max_budget" | "spend">[]> {
    return this.#ok("/team/list", await this.#call("GET", "/team/list")) as StoredTeam[];
  }

  /** One page of a team's use by day, model and key. Dates are ISO and inclusive; pages begin at 1. */
  async teamActivity(teamId: string, from: string, until: string, page: number): Promise<unknown> {
    const query = new URLSearchParams({
      team_ids: teamId,
      start_date: from,
      end_date: until,
      page: String(page),
      page_size: "1000",
    });
    const path = `/team/daily/activity?${query.toString()}`;
    return this.#ok("/team/daily/activity", await this.#call("GET", path));
  }

  /** Makes the team; one that another run has made meanwhile gets these settings. */
  async createTeam(settings: TeamSettings): Promise<void> {
    const answer = await this.#call("POST", "/team/new", settings);
    // LiteLLM looks for the team first, so that of two runs at a time one may meet the database's constraint.
    const exists = answer.status >= 400 && /already exists|unique constraint/i.test(wordsOf(answer.body));
    if (exists) await this.updateTeam(settings);
    else this.#ok("/team/new", answer);
  }

  /** Sets a team. Blocks that are recorded stay. */
  async updateTeam(settings: TeamSettings): Promise<void> {
    const blocks = blocksOf((await this.team(settings.team_id))?.team.metadata);
    await this.#write("/team/update", { ...settings, metadata: withBlocks(settings.metadata, blocks) });
  }

  /** Changes the blocks that a team records. @throws Error when there is no such team. */
  async recordBlocks(teamId: string, change: (blocks: Blocks) => Blocks): Promise<void> {
    const found = await this.team(teamId);
    if (found === undefined) throw new Error(`${teamId}: the gateway has no such team; run up for it first`);
    const { metadata } = found.team;
    const changed = withBlocks(metadata, change(blocksOf(metadata)));
    await this.#write("/team/update", { team_id: teamId, metadata: changed });
  }

  /** Makes the user known; a user that is known already is left as it is. */
  async ensureUser(userId: string): Promise<void> {
    // No budget and no models of its own: what a person may do is a matter of the team.
    const user = { user_id: userId, user_role: "internal_user", auto_create_key: false, models: ["no-default-models"] };
    const answer = await this.#call("POST", "/user/new", user);
    if (answer.status !== 409) this.#ok("/user/new", answer);
  }

  /**
   * Adds a member with budget and models, then its limits per minute, which LiteLLM takes in an
   * update only.
   */
  async addMember(settings: MemberSettings): Promise<void> {
    const { team_id, user_id, max_budget_in_team, budget_duration, allowed_models } = settings;
    const member = { role: "user", user_id };
    const added = { team_id, member, max_budget_in_team, budget_duration, allowed_models };
    const answer = await this.#call("POST", "/team/member_add", added);
    // Another run may have been quicker; its member gets the same limits.
    if (!(answer.status === 400 && /already in team/i.test(wordsOf(answer.body)))) this.#ok("/team/member_add", answer);
    await this.updateMember(settings);
  }

  updateMember(settings: MemberSettings): Promise<unknown> {
    return this.#write("/team/member_update", settings);
  }

  /** Removes a member; LiteLLM deletes the member's keys of that team with it. */
  removeMember(teamId: string, userId: string): Promise<unknown> {
    return this.#write("/team/member_delete", { team_id: teamId, user_id: userId });
  }

  resetMemberSpend(teamId: string, userId: string): Promise<unknown> {
    const path = `/team/${encodeURIComponent(teamId)}/member/${encodeURIComponent(userId)}/reset_spend`;
    return this.#write(path, { reset_to: 0 });
  }

  /** Every key of a team, expired and blocked ones too. */
  async keysOfTeam(teamId: string): Promise<StoredKey[]> {
    return this.#keys(`team_id=${encodeURIComponent(teamId)}`);
  }

  async keysOfUser(teamId: string, userId: string): Promise<StoredKey[]> {
    return this.#keys(`team_id=${encodeURIComponent(teamId)}&user_id=${encodeURIComponent(userId)}`);
  }

  /** Undefined when LiteLLM does not know the key of this token. */
  async keyInfo(token: string): Promise<StoredKey | undefined> {
    const answer = await this.#call("GET", `/key/info?key=${token}`);
    if (answer.status === 404) return undefined;
    const { info } = this.#ok("/key/info", answer) as { info: Omit<StoredKey, "token"> };
    return { ...info, token };
  }

  /**
   * Makes a key that expires after `duration`, e.g. `9d`. Only this answer ever holds the key
   * itself.
   */
  async createKey(
    settings: KeySettings & {
      readonly duration?: string;
      readonly spend?: number;
      readonly blocked?: boolean;
      readonly key?: string;
    },
  ): Promise<string> {
    const { key } = (await this.#write("/key/generate", settings)) as { key: string };
    return key;
  }

  updateKey(token: string, settings: Partial<KeySettings> & { readonly duration?: string }): Promise<unknown> {
    return this.#write("/key/update", { key: token, ...settings });
  }

  blockKey(token: string): Promise<unknown> {
    return this.#write("/key/block", { key: token });
  }

  unblockKey(token: string): Promise<unknown> {
    return this.#write("/key/unblock", { key: token });
  }

  /** Blocks, then deletes: a deletion alone reaches the workers' caches later than a block does. */
  async revokeKeys(tokens: readonly string[]): Promise<void> {
    for (const token of tokens) await this.blockKey(token);
    if (tokens.length > 0) await this.#write("/key/delete", { keys: tokens });
  }

  /** Model groups that the asking key may use. */
  async models(): Promise<string[]> {
    const { data } = this.#ok("/v1/models", await this.#call("GET", "/v1/models")) as { data: { id: string }[] };
    return data.map(({ id }) => id);
  }

  /** What readiness reports, as a status: 200 when database and cache are there. */
  async readiness(): Promise<number> {
    return (await this.#call("GET", "/health/readiness")).status;
  }

  async #keys(filter: string): Promise<StoredKey[]> {
    const found: StoredKey[] = [];
    for (let page = 1, pages = 1; page <= pages; page++) {
      const path = `/key/list?${filter}&return_full_object=true&size=100&page=${String(page)}`;
      const answer = this.#ok("/key/list", await this.#call("GET", path)) as {
        keys: StoredKey[];
        total_pages: number | null;
      };
      found.push(...answer.keys);
      pages = answer.total_pages ?? 1;
    }
    return found;
  }

  async #write(path: string, body: unknown): Promise<unknown> {
    return this.#ok(path, await this.#call("POST", path, body));
  }

  async #call(method: "GET" | "POST", path: string, body?: unknown): Promise<HttpAnswer> {
    let answer = await this.#once(method, path, body);
    for (const pause of repeatable.test(path) ? this.pauses : []) {
      if (!passing.has(answer.status)) break;
      await sleep(pause);
      answer = await this.#once(method, path, body);
    }
    return answer;
  }

  #once(method: "GET" | "POST", path: string, body: unknown): Promise<HttpAnswer> {
    this.calls.all++;
    if (method === "POST") this.calls.writes++;
    return send({
      method,
      url: `${this.access.url}${path}`,
      headers: { authorization: `Bearer ${this.access.key}` },
      ...(this.access.ca === undefined ? {} : { ca: this.access.ca }),
      ...(body === undefined ? {} : { body }),
    });
  }

  #ok(call: string, { status, body }: HttpAnswer): unknown {
    if (status < 200 || status > 299) throw new LiteLLMError(status, call, body);
    return body;
  }
}
