/** A virtual key as LiteLLM keeps it. The key itself is never among it: `token` is its SHA-256. */
export interface StoredKey {
  readonly token: string;
  readonly key_alias: string | null;
  readonly user_id: string | null;
  readonly team_id: string | null;
  readonly models: readonly string[];
  readonly max_budget: number | null;
  readonly budget_duration: string | null;
  readonly tpm_limit: number | null;
  readonly rpm_limit: number | null;
  readonly spend: number;
  readonly blocked: boolean | null;
  /** ISO date. */
  readonly expires: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What a key may do; the fields of /key/generate and /key/update that this program sets. */
export interface KeySettings {
  readonly key_alias: string;
  readonly user_id: string;
  readonly team_id: string;
  readonly models: readonly string[];
  readonly max_budget: number;
  readonly budget_duration: string;
  readonly tpm_limit: number;
  readonly rpm_limit: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly allowed_routes: readonly string[];
}

/** A member of a team with the budget it has there. */
export interface StoredMember {
  readonly user_id: string;
  readonly spend: number | null;
  readonly litellm_budget_table: {
    readonly max_budget: number | null;
    readonly budget_duration: string | null;
    readonly tpm_limit: number | null;
    readonly rpm_limit: number | null;
    readonly allowed_models?: readonly string[] | null;
    /** ISO date; in the past when LiteLLM has forgotten the reset. */
    readonly budget_reset_at?: string | null;
  } | null;
}

/** What a team may do; the fields of /team/new and /team/update that this program sets. */
export interface TeamSettings {
  readonly team_id: string;
  readonly team_alias: string;
  readonly models: readonly string[];
  readonly max_budget: number;
  readonly budget_duration: string;
  readonly tpm_limit: number;
  readonly rpm_limit: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly blocked: boolean;
}

export interface StoredTeam extends Omit<TeamSettings, "blocked"> {
  readonly blocked: boolean | null;
  readonly spend: number | null;
  readonly members_with_roles: readonly { readonly user_id: string | null; readonly role: string }[];
}

/** What a member may do in a team. */
export interface MemberSettings {
  readonly user_id: string;
  readonly team_id: string;
  readonly max_budget_in_team: number;
  readonly budget_duration: string;
  readonly tpm_limit: number;
  readonly rpm_limit: number;
  readonly allowed_models: readonly string[];
}
