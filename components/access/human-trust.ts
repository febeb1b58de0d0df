import * as pulumi from "@pulumi/pulumi";
import type { PlatformSpec } from "../../config";
import { allow, deny, document, statement, type Statement } from "../policy-document";

/** Maximum age of the MFA when a user assumes a role, in seconds. */
export const recentMfaSeconds = 3600;

/** IAM's limit on a trust policy, in characters. */
const trustLimit = 2048;

/** How users prove MFA. */
export type MfaSettings = Pick<PlatformSpec, "mfaMode" | "identityAccount" | "mfaAttestation">;

/** The condition key with the user's name, as sessions carry it in each mode. */
export const personKey = ({ mfaMode }: Pick<MfaSettings, "mfaMode">): string =>
  mfaMode === "iam-user" ? "aws:username" : "aws:SourceIdentity";

/** The same as a policy variable. */
export const personVariable = (platform: Pick<MfaSettings, "mfaMode">): string => `\${${personKey(platform)}}`;

/** Arguments of {@link planTrust}. */
export interface TrustPlan {
  readonly mfa: MfaSettings;
  /**
   * Sign-in names of users who may assume the role; absent: every user of the account, which the
   * role's policy tells apart by name.
   */
  readonly people?: readonly string[];
  /** Maximum age of the MFA in seconds; default {@link recentMfaSeconds}. */
  readonly mfaSeconds?: number;
}

interface Proof {
  /** Policy variable of the caller's sign-in name before the role is assumed. */
  readonly caller: string;
  /** Condition that the caller used MFA. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

function proof({ mfa, mfaSeconds = recentMfaSeconds }: TrustPlan): Proof {
  const { identityAccount, mfaAttestation } = mfa;
  if (mfa.mfaMode === "assume-role") {
    return {
      caller: "aws:username",
      conditions: {
        Bool: { "aws:MultiFactorAuthPresent": "true" },
        NumericLessThan: { "aws:MultiFactorAuthAge": String(mfaSeconds) },
      },
    };
  }
  if (mfaAttestation === undefined)
    throw new Error("identity-center needs mfaAttestation, which the stack file's check demands");
  // AWS cannot see the identity provider's MFA. A named person attests it, and the trust ends with
  // the attestation.
  return {
    caller: "aws:PrincipalTag/UserName",
    conditions: {
      ArnLike: {
        "aws:PrincipalArn": `arn:aws:iam::${identityAccount}:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_*`,
      },
      DateLessThan: { "aws:CurrentTime": `${mfaAttestation.until}T23:59:59Z` },
    },
  };
}

/**
 * Trust policy of a human role. It requires MFA in the configured mode. The session carries the
 * user's name as source identity and session name, so that permissions and the trail identify the
 * user. The account's root represents its users: a list of user ARNs would break when a user is
 * recreated.
 * @throws RunError when the users do not fit.
 */
export function planTrust(plan: TrustPlan): string {
  const { caller, conditions } = proof(plan);
  const self = `\${${caller}}`;
  const own = { "sts:SourceIdentity": self };
  const people = plan.people === undefined ? {} : { [caller]: plan.people };
  const principal = { AWS: `arn:aws:iam::${plan.mfa.identityAccount}:root` };
  const trust = document(
    allow("PeopleWithMfa", {
      Principal: principal,
      Action: "sts:AssumeRole",
      Condition: { ...conditions, StringEquals: { ...own, "sts:RoleSessionName": self, ...people } },
    }),
    allow("UnderTheirOwnName", {
      Principal: principal,
      Action: "sts:SetSourceIdentity",
      Condition: { ...conditions, StringEquals: own },
    }),
  );
  if (trust.length > trustLimit) {
    throw new pulumi.RunError(
      `${String(plan.people?.length)} people do not fit into one role's trust policy, which IAM bounds at ${String(trustLimit)} characters; name fewer of them`,
    );
  }
  return trust;
}

/** Actions that a user may call without MFA, to set MFA up and to prove it. AWS's own list. */
const provingOneself = [
  "iam:ChangePassword",
  "iam:CreateVirtualMFADevice",
  "iam:EnableMFADevice",
  "iam:GetUser",
  "iam:ListMFADevices",
  "iam:ListVirtualMFADevices",
  "iam:ResyncMFADevice",
  "sts:GetSessionToken",
];

/**
 * The same permissions for IAM users without a role (`iam-user`). Every Allow requires a recent
 * MFA. A Deny of everything except MFA set-up covers long-term keys, whose requests lack the MFA
 * keys.
 */
export function withMfa(statements: readonly Statement[], mfaSeconds = recentMfaSeconds): Statement[] {
  const guarded = statements.map((entry) =>
    entry.Effect === "Deny"
      ? entry
      : statement({
          ...entry,
          Condition: {
            ...entry.Condition,
            Bool: { ...entry.Condition?.["Bool"], "aws:MultiFactorAuthPresent": "true" },
            NumericLessThan: { ...entry.Condition?.["NumericLessThan"], "aws:MultiFactorAuthAge": String(mfaSeconds) },
          },
        }),
  );
  return [
    ...guarded,
    deny("NothingWithoutMfa", {
      NotAction: provingOneself,
      Resource: "*",
      Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
    }),
  ];
}
