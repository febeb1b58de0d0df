import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { KeyFacts } from "../../facts";
import type { StackContext } from "../../kit";
import { GeneratedSecret } from "../../secret";
import { langfuseDatabase } from "./settings";

/** Name in Secrets Manager of one of Langfuse's own secrets. */
export const secretName = ({ names }: StackContext, purpose: string): string => names.secret(`langfuse-${purpose}`);

/** Secrets Manager names of what Langfuse's tasks read at their start. */
export const taskSecretNames = (context: StackContext): readonly string[] => [
  ...["salt", "session", "encryption", "database-owner", "clickhouse", "cache-password"].map((purpose) =>
    secretName(context, purpose),
  ),
  // A department's own, for the one-off task that makes its project.
  context.of("*").names.secret("langfuse"),
];

/** The secrets that Langfuse and its stores are made with. */
export function langfuseSecrets(
  name: string,
  { context, keys }: { readonly context: StackContext; readonly keys: Pick<KeyFacts, "secrets"> },
  opts: pulumi.ComponentResourceOptions,
) {
  const secret = (purpose: string, description: string, format?: (value: string) => string) =>
    new GeneratedSecret(
      `${name}-${purpose}`,
      { context, purpose: `langfuse-${purpose}`, description, keys, ...(format && { format }) },
      opts,
    );
  return {
    salt: secret("salt", "Langfuse hashes its keys with it: never changes"),
    session: secret("session", "Langfuse signs its sessions with it"),
    encryption: secret("encryption", "Langfuse encrypts settings with it: never changes", (value) =>
      createHash("sha256").update(value).digest("hex"),
    ),
    owner: secret("database-owner", "Langfuse's user in PostgreSQL", (password) =>
      JSON.stringify({ username: langfuseDatabase, password }),
    ),
    clickHouse: secret("clickhouse", "Langfuse's user in ClickHouse"),
  };
}

/** What {@link langfuseSecrets} makes. */
export type LangfuseSecrets = ReturnType<typeof langfuseSecrets>;
