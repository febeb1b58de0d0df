import { type Inputs } from "../../support";

export const POLICY = "aws:iam/policy:Policy";
export const ROLE = "aws:iam/role:Role";
export const PRESENT = "aws:MultiFactorAuthPresent";
export const MFA = { Bool: { [PRESENT]: "true" } };
export const policy = (...statements: unknown[]): Inputs => ({
  policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
});
/** An Allow of sessions with MFA, which each case spoils. */
export const allow = (changes: Inputs = {}): Inputs => ({
  Effect: "Allow",
  Action: "ssm:StartSession",
  Resource: "*",
  Condition: MFA,
  ...changes,
});
export const bare = (changes: Inputs = {}): Inputs => allow({ Condition: undefined, ...changes });
