import { world } from "./hooks";

/** Environment of a program with an OpenAI SDK in its defaults, on the gateway and its authority. */
export const openAiEnvironment = (key: string): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  OPENAI_API_KEY: key,
  OPENAI_BASE_URL: `${world().url}/v1`,
  SSL_CERT_FILE: world().certificates.ca,
  NODE_EXTRA_CA_CERTS: world().certificates.ca,
});
