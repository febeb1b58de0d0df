export { closedPolicy, type ClosedPolicyPlan } from "./closed-policy";
export { connectionsSecret, secretKey, type ConnectionsSecretArgs } from "./connections-secret";
export { GeneratedSecret, type GeneratedSecretArgs } from "./generated-secret";
