import type { ImagesSpec } from "../../config";
import type { StackContext } from "../kit";

/** Short names of the mirrored images. */
export const imageNames = ["gateway", "langfuse", "langfuse-worker", "clickhouse", "collector"] as const;
export type ImageName = (typeof imageNames)[number];

/** Registry of each image, and the digest that pins it. */
const origins: Readonly<
  Record<ImageName, { readonly source: string; readonly digest: (images: ImagesSpec) => string }>
> = {
  gateway: { source: "ghcr.io/berriai/litellm-non_root", digest: (images) => images.gateway },
  langfuse: { source: "docker.io/langfuse/langfuse", digest: (images) => images.langfuse },
  "langfuse-worker": { source: "docker.io/langfuse/langfuse-worker", digest: (images) => images.langfuseWorker },
  clickhouse: { source: "docker.io/clickhouse/clickhouse-server", digest: (images) => images.clickHouse },
  collector: { source: "docker.io/otel/opentelemetry-collector-contrib", digest: (images) => images.collector },
};

/** Versions of the files that workspaces install; the build checks the publishers' checksums. */
export const workspaceFiles = { codeServer: "4.105.1", cline: "3.38.3" } as const;

/** One image to copy. */
export interface MirroredImage {
  readonly name: ImageName;
  /** ECR repository. */
  readonly repository: string;
  readonly source: string;
  readonly digest: string;
}

/** Every image of this system, with the digest that `images` pins. */
export function planImages({ names }: StackContext, images: ImagesSpec): readonly MirroredImage[] {
  return imageNames.map((name) => ({
    name,
    repository: names.repository(name),
    source: origins[name].source,
    digest: origins[name].digest(images),
  }));
}

/** The lines that mirror.sh reads: repository, source and digest. */
export const imageLines = (images: readonly MirroredImage[]): string =>
  images.map(({ repository, source, digest }) => `${repository} ${source} ${digest}`).join("\n");
