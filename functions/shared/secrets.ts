import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { awsClient } from "./aws";
import { optionalSetting, setting } from "./environment";
import { LiteLLM } from "./litellm";

export const secretsManager = awsClient(new SecretsManagerClient({}));

/** The current value of a secret. */
export async function secretText(id: string): Promise<string> {
  const { SecretString } = await secretsManager.send(new GetSecretValueCommand({ SecretId: id }));
  if (SecretString === undefined) throw new Error(`secret ${id} has no text`);
  return SecretString;
}

const through = (url: string, key: string) =>
  new LiteLLM({ url: setting(url), ca: optionalSetting("GATEWAY_CA") ?? "", key });

/** LiteLLM's client with a virtual key, through the API's listener. */
export const gatewayFor = (key: string): LiteLLM => through("GATEWAY_URL", key);

/** LiteLLM's client through the listener that admits functions only. */
export const managementFor = (key: string): LiteLLM => through("GATEWAY_MANAGEMENT_URL", key);

/**
 * LiteLLM's client with the master key, which each run reads anew because it may have been
 * replaced.
 */
export async function gatewayAsMaster(): Promise<LiteLLM> {
  return managementFor(await secretText(setting("MASTER_KEY_SECRET_NAME")));
}
