export { GeneratedSecret, type GeneratedSecretArgs } from "./generated-secret";
