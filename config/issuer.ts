import type { PlatformSpec } from "./model";

/** The environments of the repository's workflows, each with a role of its own. */
export type Environment = "production" | "audit";

/** How AWS recognizes the repository's workflows. */
export interface Issuer {
  /** Issuer of the tokens, as IAM's identity provider takes it. */
  readonly url: string;
  /** The provider's name in ARNs and condition keys: the URL without its scheme. */
  readonly name: string;
  /** Claim `aud` of the tokens. */
  readonly audience: string;
  /** Claim `sub` of a job in an environment, whole: trust policies compare it without wildcards. */
  readonly subjects: Readonly<Record<Environment, string>>;
}

type Repository = NonNullable<PlatformSpec["repository"]>;

/**
 * The issuer of a repository's tokens. GitHub's subject names repository and environment; for
 * repositories made or renamed since 2026-07-15 with their ids. GitLab's (18.7 or later) is set by
 * `ci_id_token_sub_claim_components`: project_path, ref_type, ref, environment_protected,
 * deployment_tier.
 */
export function planIssuer(repository: Repository): Issuer {
  const { host, pathname } = new URL(repository.url);
  return host === "github.com" ? gitHub(pathname.slice(1), repository) : gitLab(host, pathname.slice(1));
}

function gitHub(path: string, { ownerId, repositoryId }: Repository): Issuer {
  const [owner = "", name = ""] = path.split("/");
  const id = (value: number | undefined) => (value === undefined ? "" : `@${String(value)}`);
  const subject = (environment: Environment) =>
    `repo:${owner}${id(ownerId)}/${name}${id(repositoryId)}:environment:${environment}`;
  return {
    url: "https://token.actions.githubusercontent.com",
    name: "token.actions.githubusercontent.com",
    audience: "sts.amazonaws.com",
    subjects: { production: subject("production"), audit: subject("audit") },
  };
}

function gitLab(host: string, path: string): Issuer {
  const subject = (isProtected: boolean, tier: string) =>
    `project_path:${path}:ref_type:branch:ref:main:environment_protected:${String(isProtected)}:deployment_tier:${tier}`;
  return {
    url: `https://${host}`,
    name: host,
    audience: `https://${host}`,
    subjects: { production: subject(true, "production"), audit: subject(false, "other") },
  };
}
