import {
  GetSecretValueCommand,
  paginateListSecrets,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { awsClient } from "../shared/aws";

const secrets = awsClient(new SecretsManagerClient({}));

export interface StoredSecret {
  readonly arn: string;
  readonly text: string;
}

/** Undefined where the secret has no value yet: the stack makes it empty. */
export async function readSecret(SecretId: string): Promise<StoredSecret | undefined> {
  try {
    const { ARN = "", SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    return SecretString === undefined ? undefined : { arn: ARN, text: SecretString };
  } catch (fault) {
    if ((fault as Error).name === "ResourceNotFoundException") return undefined;
    throw fault;
  }
}

/** Writes a secret's text where it is another. Resolves with the secret's ARN, and whether it was written. */
export async function keepSecret(
  SecretId: string,
  text: string,
  stored: StoredSecret | undefined,
): Promise<{ readonly arn: string; readonly written: boolean }> {
  if (stored?.text === text) return { arn: stored.arn, written: false };
  const { ARN = "" } = await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: text }));
  return { arn: ARN, written: true };
}

/** Names of the secrets below a prefix. */
export async function* secretNames(prefix: string): AsyncGenerator<string> {
  const pages = paginateListSecrets({ client: secrets }, { Filters: [{ Key: "name", Values: [prefix] }] });
  for await (const page of pages) {
    // Secrets Manager's filter takes letters of either case.
    for (const { Name = "" } of page.SecretList ?? []) if (Name.startsWith(prefix)) yield Name;
  }
}
