import type { Environment, Issuer } from "../config";
import { allow } from "../components/policy-document";

/** Trust in one environment's jobs, as a statement's body; the account is the provider's. */
export function workflowTrust(accountId: string, issuer: Issuer, environment: Environment) {
  return allow("ProtectedWorkflow", {
    Principal: { Federated: `arn:aws:iam::${accountId}:oidc-provider/${issuer.name}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${issuer.name}:aud`]: issuer.audience,
        [`${issuer.name}:sub`]: issuer.subjects[environment],
      },
    },
  });
}
