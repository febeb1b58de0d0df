/** What runs in the gateway: an image, and what of it decides how the gateway behaves. */
export interface GatewayRelease {
  /** Registry and repository of LiteLLM's image. */
  readonly repository: string;
  /** LiteLLM's version, `MAJOR.MINOR.PATCH`; the image's tag is this with a `v` before it. */
  readonly litellm: string;
  /** Version of litellm-proxy-extras, which LiteLLM demands: the database's schema and its migrations. */
  readonly schema: string;
  /** LiteLLM's extras that the image installs (its Dockerfile.non_root). */
  readonly extras: readonly string[];
  /** Version of OpenTelemetry that the extra `proxy-runtime` demands. */
  readonly openTelemetry: string;
  /** Python of the image, `MAJOR.MINOR`. */
  readonly python: string;
  /** The Python client of the database: the last whose inner names LiteLLM writes to. */
  readonly prisma: string;
  /** What a platform runs that has not moved yet: the suite `migration` starts from its schema. */
  readonly previous: { readonly litellm: string; readonly schema: string };
  /** ISO date on which the catalogue's prices were compared with the price map of this LiteLLM. */
  readonly pricesRead: string;
}

/**
 * The one record of what the gateway runs. The mirror's source, the example of `cline:images.gateway`, the catalogue's source, the Python
 * packages of the suites and the documents read it or are compared with it. The digest is no part of it: a stack file's `cline:images.gateway`
 * is the one place that pins it, and a preview notes a tag that is not this release's. docs/upgrade.md says how to move.
 */
export const gatewayRelease: GatewayRelease = {
  repository: "ghcr.io/berriai/litellm-non_root",
  litellm: "1.108.7",
  schema: "0.4.110",
  extras: ["proxy", "proxy-runtime", "extra_proxy", "semantic-router"],
  openTelemetry: "1.45.1",
  python: "3.13",
  prisma: "0.11.0",
  previous: { litellm: "1.106.2", schema: "0.4.108" },
  pricesRead: "2026-11-30",
};

/** The image's tag. */
export const releaseTag = ({ litellm }: Pick<GatewayRelease, "litellm">): string => `v${litellm}`;
