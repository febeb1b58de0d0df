import { randomBytes } from "node:crypto";
import type { Initialization } from "./init-containers";

/** A person's account at Langfuse, as the person's secret holds it. */
export interface AccountSecret {
  /** E-mail address by which Langfuse knows the account; no mail is ever sent to it. */
  readonly user: string;
  readonly password: string;
}

/** Account that a department's stack asks for. */
export interface AccountWish {
  readonly department: string;
  /** Id of the stack file. */
  readonly person: string;
}

/**
 * A person's secret; an existing one stays. Langfuse keeps the password of a user that it knows, so a secret that is made anew is another
 * account: a person who comes back never takes up the old one, whose password may be known. `internal` is a top-level domain that nobody can own,
 * and Langfuse's form wants an e-mail address.
 */
export function planAccount({ department, person }: AccountWish, present: AccountSecret | undefined): AccountSecret {
  return (
    present ?? {
      user: `${person}-${randomBytes(4).toString("hex")}@${department}.langfuse.internal`,
      password: randomBytes(24).toString("base64url"),
    }
  );
}

/** Reads a secret's text. @throws Error without repeating the text. */
export function parseAccount(text: string, { department, person }: AccountWish): AccountSecret {
  const fault = (what: string) => new Error(`the Langfuse account of ${person} of ${department} ${what}`);
  let value: Partial<AccountSecret>;
  try {
    value = JSON.parse(text) as Partial<AccountSecret>;
  } catch {
    throw fault("is not JSON");
  }
  const { user, password } = value;
  if (!user || !password) throw fault("lacks a field");
  return { user, password };
}

/**
 * What makes a person's account, an owner of the department's organization alone.
 * @param secretArn of the person's secret
 */
export const accountInit = (
  { department, person }: AccountWish,
  { user }: AccountSecret,
  secretArn: string,
): Initialization => ({
  environment: {
    LANGFUSE_INIT_ORG_ID: department,
    LANGFUSE_INIT_ORG_NAME: department,
    LANGFUSE_INIT_USER_EMAIL: user,
    LANGFUSE_INIT_USER_NAME: person,
  },
  secrets: { LANGFUSE_INIT_USER_PASSWORD: `${secretArn}:password::` },
});
