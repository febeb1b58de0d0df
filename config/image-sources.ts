import { gatewayRelease, releaseTag } from "./gateway-release";
import { workspaceFiles, type WorkspaceFile } from "./workspace-files";

/** Where an image comes from. */
export interface ImageSource {
  /** The product, in words. */
  readonly product: string;
  /** Registry and repository; one without a limit on anonymous pulls where the publisher has one. */
  readonly repository: string;
  /** A version's tag, with major and minor in the first two groups; no moving tag. */
  readonly tag: RegExp;
  /** A version that the tests of this repository run, or its line. */
  readonly example: string;
  /** First version that runs here, and why no earlier one. */
  readonly least: { readonly version: readonly [number, number]; readonly because: string };
}

/**
 * The one place that says where each image comes from, by its key in `cline:images`. The mirror,
 * the check of a value and the documents read it.
 */
export const imageSources = {
  gateway: {
    product: "LiteLLM",
    repository: gatewayRelease.repository,
    tag: /^v(\d+)\.(\d+)\.\d+(?:-stable)?$/,
    example: releaseTag(gatewayRelease),
    least: { version: [1, 95], because: "earlier ones fail on a read-only root file system" },
  },
  langfuse: {
    product: "Langfuse web",
    repository: "ghcr.io/langfuse/langfuse",
    tag: /^(\d+)\.(\d+)\.\d+$/,
    example: "4.16.0",
    least: { version: [4, 0], because: "earlier ones have other APIs" },
  },
  langfuseWorker: {
    product: "Langfuse worker",
    repository: "ghcr.io/langfuse/langfuse-worker",
    tag: /^(\d+)\.(\d+)\.\d+$/,
    example: "4.16.0",
    least: { version: [4, 0], because: "earlier ones have other APIs" },
  },
  clickHouse: {
    product: "ClickHouse",
    repository: "public.ecr.aws/docker/library/clickhouse",
    tag: /^(\d+)\.(\d+)(?:\.\d+)*$/,
    example: "26.3",
    least: { version: [25, 12], because: "Langfuse 4 needs it" },
  },
  collector: {
    product: "OpenTelemetry Collector",
    repository: "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib",
    tag: /^(\d+)\.(\d+)\.\d+$/,
    example: "0.149.0",
    least: { version: [0, 149], because: "the generated configuration uses the exporter name otlp_http" },
  },
  proxy: {
    product: "HAProxy",
    repository: "public.ecr.aws/docker/library/haproxy",
    tag: /^(\d+)\.(\d+)(?:\.\d+)?$/,
    example: "2.6",
    least: { version: [2, 6], because: "the generated configuration needs it" },
  },
} as const satisfies Readonly<Record<string, ImageSource>>;

export type ImageKey = keyof typeof imageSources;
export const imageKeys = Object.keys(imageSources) as ImageKey[];

/** A pinned image: `sha256:…`, or `TAG@sha256:…`. */
export interface PinnedDigest {
  readonly tag?: string;
  readonly digest: string;
}

export function pinnedDigest(value: string): PinnedDigest {
  const [first = "", second] = value.split("@");
  return second === undefined ? { digest: first } : { tag: first, digest: second };
}

/** Whether a tag's version runs here. */
export function isLateEnough({ tag: pattern, least }: ImageSource, tag: string): boolean {
  const [, major, minor] = pattern.exec(tag) ?? [];
  const [leastMajor, leastMinor] = least.version;
  return Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
}

/** The command that prints the value of a key of `cline:images`; undefined for the AMI. */
export function valueCommand(key: string): string | undefined {
  if (Object.hasOwn(workspaceFiles, key)) return workspaceFiles[key as WorkspaceFile].command;
  if (!Object.hasOwn(imageSources, key)) return undefined;
  const source = imageSources[key as ImageKey];
  return digestCommand(source, source.example);
}

/** The command that prints an image's value: the tag, and the digest of its manifest for linux/arm64. */
export const digestCommand = ({ repository }: ImageSource, tag: string): string =>
  `docker buildx imagetools inspect --raw ${repository}:${tag} | ` +
  `jq -r '"${tag}@" + (.manifests[] | select(.platform.os == "linux" and .platform.architecture == "arm64").digest)'`;
