export { connectionsSecret, secretKey, type ConnectionsSecretArgs } from "./connections-secret";
export { GeneratedSecret, type GeneratedSecretArgs } from "./generated-secret";
