/** An issuer of tokens that everybody gets, whatever their organization. */
export interface SharedIssuer {
  /** The issuer's host, as in the provider's ARN and in condition keys. */
  readonly host: string;
  /** Who gets a token, for messages. */
  readonly who: string;
  /** The claims that can name an owner, and the form in which their value does. */
  readonly claims: Readonly<Record<string, RegExp>>;
}

/** A name without wildcards, and the end of the part that holds it. */
const NAME = "[A-Za-z0-9][\\w.-]*";
const starts = (before: string, separator = "[/:]"): RegExp => new RegExp(`^${before}${NAME}(?:${separator}.*)?$`);
const ONE = /^[^*?]+$/;

/**
 * The issuers that serve many organizations under one address. Sources: the page of each on OIDC
 * with AWS, and AWS's keys for web identity federation.
 */
export const SHARED_ISSUERS: readonly SharedIssuer[] = [
  {
    host: "token.actions.githubusercontent.com",
    who: "every repository of GitHub",
    claims: {
      // An environment, branch or workflow is named alike by anybody: the subject names the owner too.
      sub: starts(
        "(?:(?!workflow:)[a-z_]+:[^*?]*:)?(?:repo|repository|repository_owner|repository_owner_id|repository_id|job_workflow_ref|enterprise|enterprise_id):",
      ),
      repository: starts("", "/"),
      repository_id: ONE,
      job_workflow_ref: starts("", "/"),
      enterprise_id: ONE,
    },
  },
  { host: "gitlab.com", who: "every project of GitLab", claims: { sub: starts("project_path:", "/") } },
  {
    host: "app.terraform.io",
    who: "every organization of HCP Terraform",
    claims: { sub: starts("organization:", ":") },
  },
  {
    host: "agent.buildkite.com",
    who: "every organization of Buildkite",
    claims: { sub: starts("organization:", ":") },
  },
  { host: "oidc.vercel.com", who: "every team of Vercel", claims: { sub: starts("owner:", ":") } },
  {
    host: "api.pulumi.com/oidc",
    who: "every organization of Pulumi Cloud",
    claims: { aud: ONE, sub: starts("pulumi:\\w+:org:", ":") },
  },
  { host: "cognito-identity.amazonaws.com", who: "every identity pool", claims: { aud: ONE, sub: ONE } },
  { host: "accounts.google.com", who: "every application of Google", claims: { aud: ONE, oaud: ONE, sub: ONE } },
  { host: "www.amazon.com", who: "every application of Amazon", claims: { app_id: ONE } },
  { host: "graph.facebook.com", who: "every application of Facebook", claims: { app_id: ONE } },
];
