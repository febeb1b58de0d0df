import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { LiteLLM, tokenOf } from "../../functions/shared/litellm";
import type { StoredKey } from "../../functions/shared/litellm-types";

type Row = Record<string, unknown>;

interface Team extends Row {
  team_id: string;
  blocked: boolean;
  members_with_roles: { user_id: string; role: string }[];
}

interface Member {
  user_id: string;
  spend: number;
  litellm_budget_table: Row;
}

const hour = 3_600_000;
const spans: Readonly<Record<string, number>> = { s: 1000, h: hour, d: 24 * hour };
const msOf = (duration: string) => Number(duration.slice(0, -1)) * (spans[duration.slice(-1)] ?? Number.NaN);

/**
 * A stand-in for LiteLLM's management API, as far as the functions use it, with the real one's
 * behaviour. Aliases are unique over all teams, an unknown team or key is 404, a known user 409.
 * Deleting a member deletes the member's keys, and a new team has a default member. It keeps no
 * budgets and routes nothing; tests/gateway has the real one.
 */
export class FakeLiteLLM {
  readonly master = "sk-master-of-the-fake";
  readonly teams = new Map<string, Team>();
  readonly members = new Map<string, Map<string, Member>>();
  readonly users = new Set<string>();
  readonly keys = new Map<string, StoredKey & Row>();
  /** Method and path of every call, in order. */
  readonly calls: string[] = [];
  /**
   * Given the number of a call, from 1: `before` drops it unheard, `after` does it and drops the
   * answer; a status is answered in its place, `acted` or not.
   */
  failure:
    | ((
        call: number,
        path: string,
      ) => "before" | "after" | { readonly status: number; readonly acted: boolean } | undefined)
    | undefined;
  #server: Server | undefined;
  #url = "";

  async start(): Promise<this> {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const url = new URL(request.url ?? "/", "http://gateway");
        this.calls.push(`${request.method ?? ""} ${url.pathname}`);
        const failure = this.failure?.(this.calls.length, url.pathname);
        if (failure === "before") return request.socket.destroy();
        const key = (request.headers.authorization ?? "").slice("Bearer ".length);
        const body = parts.length === 0 ? {} : (JSON.parse(Buffer.concat(parts).toString()) as Row);
        const refused = typeof failure === "object" ? failure : undefined;
        const [status, answer] = refused?.acted === false ? [refused.status, {}] : this.#answer(key, url, body);
        if (failure === "after") return request.socket.destroy();
        response
          .writeHead(refused?.status ?? status, { "content-type": "application/json" })
          .end(JSON.stringify(answer));
        return undefined;
      });
    });
    // On a busy machine two calls may be further apart than the default of 5 seconds; a POST is not repeated then.
    this.#server.keepAliveTimeout = 60_000;
    await new Promise<void>((ready) => this.#server?.listen(0, "127.0.0.1", ready));
    this.#url = `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
    return this;
  }

  /** Base URL, once it has started. */
  get url(): string {
    return this.#url;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((ended) => this.#server?.close(ended));
  }

  /** A client of this LiteLLM; with the master key unless another is given. */
  client(key = this.master): LiteLLM {
    return new LiteLLM({ url: this.#url, key });
  }

  /** Calls that changed something, since the last `forget`. */
  get writes(): string[] {
    return this.calls.filter((call) => call.startsWith("POST"));
  }

  /** The valid keys of a person. */
  working(user: string, now = Date.now()): StoredKey[] {
    return [...this.keys.values()].filter(
      (key) => key.user_id === user && key.blocked !== true && (key.expires === null || Date.parse(key.expires) > now),
    );
  }

  #answer(key: string, url: URL, body: Row): [number, unknown] {
    if (url.pathname === "/v1/models") return this.#models(key);
    if (url.pathname === "/health/readiness") return [200, { status: "healthy" }];
    if (key !== this.master) return [401, { error: "Authentication Error" }];
    const query = (name: string) => url.searchParams.get(name) ?? undefined;
    const { team_id, user_id, member } = body as Partial<Record<"team_id" | "user_id", string>> & { member?: Row };
    const team = this.teams.get(team_id ?? query("team_id") ?? "");
    const user = user_id ?? (member?.["user_id"] as string | undefined) ?? "";
    const reset = /^\/team\/([^/]+)\/member\/([^/]+)\/reset_spend$/.exec(url.pathname);
    if (reset) {
      const found = this.members.get(reset[1] ?? "")?.get(reset[2] ?? "");
      if (!found) return [404, { error: "not a member" }];
      found.spend = 0;
      return [200, {}];
    }
    switch (url.pathname) {
      case "/team/list":
        return [200, [...this.teams.values()]];
      case "/team/info":
        if (!team) return [404, { error: "no such team" }];
        return [200, { team_info: team, team_memberships: [...(this.members.get(team.team_id)?.values() ?? [])] }];
      case "/team/new":
        if (team) return [400, { error: { message: `Team id = ${String(body["team_id"])} already exists.` } }];
        this.teams.set(String(body["team_id"]), {
          ...(body as Team),
          members_with_roles: [{ user_id: "default_user_id", role: "admin" }],
        });
        return [200, {}];
      case "/user/new":
        if (this.users.has(user)) return [409, { error: "user exists" }];
        this.users.add(user);
        return [200, {}];
      case "/key/list": {
        const wanted = [...this.keys.values()].filter(
          (stored) => stored.team_id === query("team_id") && [undefined, stored.user_id].includes(query("user_id")),
        );
        return [200, { keys: wanted, total_pages: 1 }];
      }
      case "/key/info": {
        const stored = this.keys.get(query("key") ?? "");
        if (!stored) return [404, { error: "no such key" }];
        // Everything but the token.
        const { token: _token, ...info } = stored;
        return [200, { info }];
      }
      case "/key/generate":
        return this.#generate(body);
    }
    if (url.pathname.startsWith("/team/")) return this.#changeTeam(url.pathname, team, user, body);
    return this.#changeKey(url.pathname, body);
  }

  #models(key: string): [number, unknown] {
    const stored = this.keys.get(tokenOf(key));
    const live = stored && stored.blocked !== true && this.teams.get(stored.team_id ?? "")?.blocked !== true;
    if (!stored || !live) return [401, { error: "Authentication Error" }];
    if (stored.max_budget !== null && stored.spend >= stored.max_budget) return [422, { error: "budget_exceeded" }];
    return [200, { data: stored.models.map((id) => ({ id })) }];
  }

  #generate(body: Row): [number, unknown] {
    const alias = body["key_alias"] as string;
    if ([...this.keys.values()].some(({ key_alias }) => key_alias === alias)) return [400, { error: "alias taken" }];
    const key = (body["key"] as string | undefined) ?? `sk-${randomUUID()}`;
    const { duration, key: _key, ...settings } = body;
    const expires = typeof duration === "string" ? new Date(Date.now() + msOf(duration)).toISOString() : null;
    const stored = { spend: 0, blocked: null, ...settings, token: tokenOf(key), expires } as unknown as StoredKey & Row;
    this.keys.set(stored.token, stored);
    return [200, { key }];
  }

  #changeTeam(path: string, team: Team | undefined, user: string, body: Row): [number, unknown] {
    if (!team) return [404, { error: "no such team" }];
    const members = this.members.get(team.team_id) ?? new Map<string, Member>();
    this.members.set(team.team_id, members);
    const { team_id: _team, member: _member, user_id: _user, max_budget_in_team, ...limits } = body;
    const budget = { max_budget: max_budget_in_team, ...limits };
    switch (path) {
      case "/team/update":
        this.teams.set(team.team_id, { ...team, ...body });
        return [200, {}];
      case "/team/member_add":
        if (members.has(user)) return [400, { error: { message: `User already in team. Member: user_id=${user}` } }];
        team.members_with_roles.push({ user_id: user, role: "user" });
        // It takes no limits per minute.
        members.set(user, {
          user_id: user,
          spend: 0,
          litellm_budget_table: { ...budget, tpm_limit: null, rpm_limit: null },
        });
        return [200, {}];
      case "/team/member_update":
        members.set(user, { user_id: user, spend: members.get(user)?.spend ?? 0, litellm_budget_table: budget });
        return [200, {}];
      case "/team/member_delete":
        if (!members.delete(user)) return [404, { error: "not a member" }];
        team.members_with_roles = team.members_with_roles.filter(({ user_id }) => user_id !== user);
        for (const key of this.keys.values()) if (key.user_id === user) this.keys.delete(key.token);
        return [200, {}];
    }
    return [404, { error: `no route ${path}` }];
  }

  #changeKey(path: string, body: Row): [number, unknown] {
    if (path === "/key/delete") {
      for (const token of body["keys"] as string[])
        if (!this.keys.delete(token)) return [404, { error: "no such key" }];
      return [200, {}];
    }
    const { key, duration, ...settings } = body;
    const stored = this.keys.get(key as string);
    if (!stored) return [404, { error: "no such key" }];
    switch (path) {
      case "/key/update":
        Object.assign(stored, settings);
        if (typeof duration === "string") {
          Object.assign(stored, { expires: new Date(Date.now() + msOf(duration)).toISOString() });
        }
        return [200, {}];
      case "/key/block":
      case "/key/unblock":
        Object.assign(stored, { blocked: path === "/key/block" });
        return [200, {}];
    }
    return [404, { error: `no route ${path}` }];
  }
}
