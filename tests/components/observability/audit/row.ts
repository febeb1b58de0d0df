import { by } from "../../../support/trail-records";

type Json = Readonly<Record<string, unknown>>;

/** A record, and what it sets off: filters by noun, rules by their name's end. */
export type Row = readonly [what: string, record: Json, sets: readonly string[]];

export const deployer = by.role("example-deployer");
/** The deployer's role, taken by a person. */
export const byHand = by.hand("example-deployer");
export const admin = by.role("AWSReservedSSO_AdministratorAccess_0123456789abcdef");
export const refused = { errorCode: "AccessDenied", errorMessage: "not authorized" };
/** Subject of the protected workflow's tokens. */
export const workflow = "repo:example/cline-landing-zone:environment:production";
