/** Settings of a platform in each way to prove MFA. */
export const modes = {
  "assume-role": { mfaMode: "assume-role" },
  "iam-user": { mfaMode: "iam-user" },
  "identity-center": { mfaMode: "identity-center", mfaAttestation: { by: "abe", until: "2031-01-01" } },
} as const;
