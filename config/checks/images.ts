import { type Fault, shown } from "../faults";
import { imageKeys, imageSources, isLateEnough, pinnedDigest } from "../image-sources";
import type { AnyStack, DepartmentStack } from "../stack-file";
import { accountOf, type StackSet } from "../stack-set";

/**
 * No pinned image is of a version that is known to fail here, and a department pins only what it
 * runs itself.
 */
export function checkImages(set: StackSet): Fault[] {
  const { platforms, departments } = set;
  return [...departments.flatMap((department) => unused(department, set)), ...tooEarly([...platforms, ...departments])];
}

/** Images that nothing of a department runs: the platform's mirror and its packages are used instead. */
function unused(department: DepartmentStack, set: StackSet): Fault[] {
  const { config, fault } = department;
  const platform = set.platformOf(department);
  if (!platform || accountOf(department, platform) !== accountOf(platform, platform)) return [];
  const own = ["workspaceAmi", ...("cline:gateway" in config ? imageKeys : [])];
  return Object.entries(config["cline:images"] ?? {})
    .filter(([key]) => !own.includes(key))
    .map(([key, value]) =>
      fault(
        ["config", "cline:images", key],
        shown(value),
        `${own.join(", ")}: what this department runs itself; the rest is ${platform.stack}'s`,
        `remove it, or change it in ${platform.file}`,
      ),
    );
}

function tooEarly(stacks: readonly AnyStack[]): Fault[] {
  return stacks.flatMap((stack) =>
    imageKeys.flatMap((key): Fault[] => {
      const value = stack.config["cline:images"]?.[key];
      if (value === undefined) return [];
      const source = imageSources[key];
      const { tag } = pinnedDigest(value);
      if (tag === undefined || isLateEnough(source, tag)) return [];
      const [major, minor] = source.least.version;
      const allowed = `${source.product} ${major}.${minor} or later: ${source.least.because}`;
      return [stack.fault(["config", "cline:images", key], shown(value), allowed, "pin a later version")];
    }),
  );
}
