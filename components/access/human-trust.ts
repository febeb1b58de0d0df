import * as pulumi from "@pulumi/pulumi";
import type { PlatformSpec } from "../../config";
import { allow, deny, document, statement, type Statement } from "../policy-document";

/** How old an MFA may be when a person takes up a role, in seconds. */
export const recentMfaSeconds = 3600;

/** IAM's limit on a trust policy, in characters. */
const trustLimit = 2048;

/** How people prove MFA. */
export type MfaSettings = Pick<PlatformSpec, "mfaMode" | "identityAccount" | "mfaAttestation">;

/** The policy variable that names the person behind a request, as sessions carry it in each mode. */
export function personVariable(platform: Pick<MfaSettings, "mfaMode">): string {
  return platform.mfaMode === "iam-user" ? "${aws:username}" : "${aws:SourceIdentity}";
}

/** Arguments of {@link planTrust}. */
export interface TrustPlan {
  readonly mfa: MfaSettings;
  /** Sign-in names of people who may assume the role; absent: everyone of the account, whom the role's policy tells apart. */
  readonly people?: readonly string[];
  /** Seconds since the MFA; default {@link recentMfaSeconds}. */
  readonly mfaSeconds?: number;
}

interface Proof {
  /** Policy variable of the caller's sign-in name before the role is assumed. */
  readonly caller: string;
  /** What shows that the caller used MFA. */
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
  // AWS cannot see the provider's MFA: it is attested, by name, and the trust ends with the attestation.
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
 * Trust policy of a human role: MFA is proved as the mode says, and the session carries the person's own name as source identity and session
 * name, so that permissions and the trail know who it is. The account's root stands for its users: a list of user ARNs would break when one is
 * made again.
 * @throws RunError when the people do not fit.
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

/** What a user may still do without MFA: set it up and prove it. AWS's own list. */
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
 * The same permissions for IAM users without a role (`iam-user`): every Allow asks for a recent MFA, and a Deny of everything but proving oneself
 * covers long-term keys, in whose requests the MFA keys are absent.
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
