import { imageKeys } from "../../config";
import { workspaceFiles } from "../../config/workspace-files";

/** Every image and file of `cline:images` under a digest that a real `up` accepts, each its own. The shipped values are samples. */
export const pinnedImages: Readonly<Record<string, string>> = Object.fromEntries(
  [...imageKeys, ...Object.keys(workspaceFiles)].map((key, index) => [
    key,
    `sha256:${(index + 1).toString(16).repeat(64)}`,
  ]),
);
