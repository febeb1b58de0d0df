import {
  imageSources,
  workspaceFileKeys,
  workspaceFiles,
  type ImageKey,
  type ImagesSpec,
  type WorkspaceFile,
} from "../../config";
import type { StackContext } from "../kit";

/** Key in `cline:images` of each mirrored image, by its short name. */
const keys = {
  gateway: "gateway",
  langfuse: "langfuse",
  "langfuse-worker": "langfuseWorker",
  clickhouse: "clickHouse",
  collector: "collector",
  proxy: "proxy",
} as const satisfies Readonly<Record<string, ImageKey>>;

/** Short names of the mirrored images. */
export const imageNames = Object.keys(keys) as ImageName[];
export type ImageName = keyof typeof keys;

/** One image to copy. */
export interface MirroredImage {
  readonly name: ImageName;
  /** ECR repository. */
  readonly repository: string;
  /** Registry and repository of its publisher. */
  readonly source: string;
  readonly digest: string;
  /** Absent: the image itself has to say its version. */
  readonly tag?: string;
  /** First version that runs here, `MAJOR.MINOR`. */
  readonly least: string;
}

/**
 * Every image of this system, with each digest that one of `pinned` names, once. The first of them
 * is the stack's own.
 */
export function planImages({ names }: StackContext, pinned: readonly ImagesSpec[]): readonly MirroredImage[] {
  const all = imageNames.flatMap((name) =>
    pinned.map((images): MirroredImage => {
      const { repository: source, least } = imageSources[keys[name]];
      const tag = images.tags[keys[name]];
      return {
        name,
        repository: names.repository(name),
        source,
        digest: images[keys[name]],
        ...(tag !== undefined && { tag }),
        least: least.version.join("."),
      };
    }),
  );
  return all.filter(
    ({ name, digest }, at) => all.findIndex((other) => other.name === name && other.digest === digest) === at,
  );
}

/** The lines that mirror.sh reads: repository, source, digest, tag or `-`, and first version. */
export const imageLines = (images: readonly MirroredImage[]): string =>
  images
    .map(({ repository, source, digest, tag = "-", least }) => [repository, source, digest, tag, least].join(" "))
    .join("\n");

/** The lines that mirror.sh reads: name in the bucket, source, SHA-256, and the key of `cline:images` that pins it. */
export const fileLines = (images: Pick<ImagesSpec, WorkspaceFile>): string =>
  workspaceFileKeys
    .map((key) => {
      const { file, from } = workspaceFiles[key];
      return [file, from, images[key].replace("sha256:", ""), key].join(" ");
    })
    .join("\n");
