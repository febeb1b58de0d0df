import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { KeyFacts } from "../../facts";
import type { StackContext } from "../../kit";
import { GeneratedSecret, type GeneratedSecretArgs } from "../../secret";
import { langfuseDatabase } from "./settings";

/** Name in Secrets Manager of one of Langfuse's own secrets. */
export const secretName = ({ names }: StackContext, purpose: string): string => names.secret(`langfuse-${purpose}`);

/** Secrets Manager names of what Langfuse's tasks read at their start. */
export const taskSecretNames = (context: StackContext): readonly string[] =>
  ["salt", "session", "encryption", "database-owner", "clickhouse", "cache-password", "connections"].map((purpose) =>
    secretName(context, purpose),
  );

/** What the one-off tasks read that make projects and accounts: the departments' and their leads' own, too. */
export const initSecretNames = (context: StackContext): readonly string[] => {
  const { names } = context.of("*");
  return [...taskSecretNames(context), names.secret("langfuse"), names.langfuseAccount("*")];
};

/** The secrets that Langfuse and its stores are made with. */
export function langfuseSecrets(
  name: string,
  { context, keys }: { readonly context: StackContext; readonly keys: Pick<KeyFacts, "secrets"> },
  opts: pulumi.ComponentResourceOptions,
) {
  const secret = (purpose: string, description: string, more: Pick<GeneratedSecretArgs, "format" | "forLife"> = {}) =>
    new GeneratedSecret(
      `${name}-${purpose}`,
      { context, purpose: `langfuse-${purpose}`, description, keys, ...more },
      opts,
    );
  return {
    salt: secret("salt", "Langfuse hashes its keys with it: never changes", { forLife: true }),
    session: secret("session", "Langfuse signs its sessions with it"),
    encryption: secret("encryption", "Langfuse encrypts settings with it: never changes", {
      forLife: true,
      format: (value) => createHash("sha256").update(value).digest("hex"),
    }),
    owner: secret("database-owner", "Langfuse's user in PostgreSQL", {
      format: (password) => JSON.stringify({ username: langfuseDatabase, password }),
    }),
    clickHouse: secret("clickhouse", "Langfuse's user in ClickHouse"),
  };
}

/** What {@link langfuseSecrets} makes. */
export type LangfuseSecrets = ReturnType<typeof langfuseSecrets>;
