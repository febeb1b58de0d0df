import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { optionalSetting, setting } from "./environment";
import { LiteLLM } from "./litellm";

export const secretsManager = new SecretsManagerClient({});

/** The current value of a secret. */
export async function secretText(id: string): Promise<string> {
  const { SecretString } = await secretsManager.send(new GetSecretValueCommand({ SecretId: id }));
  if (SecretString === undefined) throw new Error(`secret ${id} has no text`);
  return SecretString;
}

/** LiteLLM's client with this key. */
export function gatewayFor(key: string): LiteLLM {
  return new LiteLLM({ url: setting("GATEWAY_URL"), ca: optionalSetting("GATEWAY_CA") ?? "", key });
}

/**
 * LiteLLM's client with the master key, which each run reads anew because it may have been
 * replaced.
 */
export async function gatewayAsMaster(): Promise<LiteLLM> {
  return gatewayFor(await secretText(setting("MASTER_KEY_SECRET_NAME")));
}
