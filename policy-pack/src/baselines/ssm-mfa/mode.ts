import type { Setting } from "../../frame/policy";
import type { Value } from "../../frame/value";
import type { Holder } from "../../iam/sources";

/** How people of the organization prove a second factor. */
export type MfaMode = "iam-user" | "assume-role" | "identity-center";

/** The setting that the policies of this baseline share. */
export const MFA_MODE = {
  mfaMode: {
    type: "string",
    enum: ["iam-user", "assume-role", "identity-center"],
    description:
      "Where MFA is asked for: in permission policies (iam-user), in trust policies (assume-role) or by the identity provider (identity-center). Unset: in permission policies, and trust policies are judged as well.",
  },
} as const satisfies Record<string, Setting>;

/** The longest time since MFA that still counts as recent, where a condition asks for its age. */
export const MFA_AGE = {
  mfaMaxAge: {
    type: "integer",
    description: "The most seconds since MFA that a condition on aws:MultiFactorAuthAge may allow",
    default: 43_200,
  },
} as const satisfies Record<string, Setting>;

/** The mode given, undefined when there is none. */
export function mfaModeOf(config: Value): MfaMode | undefined {
  const mode = config.at("mfaMode").text();
  return mode === "iam-user" || mode === "assume-role" || mode === "identity-center" ? mode : undefined;
}

/**
 * Must the permissions of such a holder ask for MFA themselves? A role's session knows nothing of MFA: its trust policy asked, or the identity
 * provider did. Users and groups act with long-term keys, in every mode.
 */
export function permissionsAskMfa(holder: Holder, mode: MfaMode | undefined): boolean {
  if (mode === undefined || mode === "iam-user") return true;
  return holder === "user" || holder === "group";
}
