import { type Fault, shown } from "../faults";
import { keptBuckets } from "../kept-names";
import { knownEntries } from "../known";
import type { AnyStack } from "../stack-file";
import { accountOf, type StackSet } from "../stack-set";

/** Kept data lies in the stack's own account and region, under the names that the stack gives it. */
export function checkKept(set: StackSet): Fault[] {
  return [...set.platforms, ...set.departments].flatMap((stack) => {
    const platform = stack.kind === "platform" ? stack : set.platformOf(stack);
    const account = platform && accountOf(stack, platform);
    const region = stack.config["aws:region"];
    if (!platform || account === undefined || region === undefined) return [];
    const home = `${region}:${account}:`;
    const { organization } = platform.config["cline:platform"] ?? {};
    return [...ofStack(stack, home, organization), ...homes(stack, home), ...adopted(stack)];
  });
}

/** `region` and `account` of an ARN are its fourth and fifth part. */
const isAt = (arn: string, home: string): boolean => `${arn.split(":").slice(3, 5).join(":")}:` === home;

function elsewhere({ fault }: AnyStack, path: readonly PropertyKey[], arn: string | undefined, home: string): Fault[] {
  if (arn === undefined || arn === "none" || isAt(arn, home)) return [];
  const [region, account] = home.split(":");
  const allowed = `an ARN in ${String(region)} of account ${String(account)}, as the stack's own`;
  return [fault(path, shown(arn), allowed, "copy the ARN that the runbook's command prints")];
}

function ofStack(stack: AnyStack, home: string, organization: string | undefined): Fault[] {
  const kept = stack.config["cline:kept"];
  if (kept === undefined) return [];
  const section = ["config", "cline:kept"];
  if (stack.kind === "department" && !("cline:observability" in stack.config) && !("cline:gateway" in stack.config)) {
    const allowed = "in a platform, or in a department with a gateway or observability of its own";
    return [stack.fault(section, "a mapping", allowed, "remove it; homes are adopted by homeVolume and homeKey")];
  }
  const { buckets, logGroups, secrets } = kept;
  return [
    ...knownEntries(buckets).flatMap(([name, arn]) => {
      const path = [...section, "buckets", name];
      const hasNone = keptBuckets[name] === "none";
      if (hasNone === (arn === "none")) return elsewhere(stack, path, arn, home);
      const allowed = hasNone ? "none: load balancers log under no key of ours" : "the ARN of the key of its objects";
      return [stack.fault(path, shown(arn), allowed, hasNone ? "write none" : "copy the ARN that the runbook prints")];
    }),
    ...knownEntries(logGroups).flatMap(([name, arn]) => elsewhere(stack, [...section, "logGroups", name], arn, home)),
    ...knownEntries(secrets).flatMap(([name, { arn, key }]) => {
      const path = [...section, "secrets", name];
      const own = `secret:cline/${organization ?? ""}/${stack.stack}/${name}-`;
      const foreign =
        arn !== undefined && isAt(arn, home) && organization !== undefined && !arn.includes(`:${own}`)
          ? [stack.fault([...path, "arn"], shown(arn), `${own}XXXXXX`, "copy the ARN of the secret of this name")]
          : [];
      return [
        ...elsewhere(stack, [...path, "arn"], arn, home),
        ...foreign,
        ...elsewhere(stack, [...path, "key"], key, home),
      ];
    }),
  ];
}

function homes(stack: AnyStack, home: string): Fault[] {
  if (stack.kind === "platform") return [];
  return knownEntries(stack.config["cline:department"]?.developers).flatMap(([id, { homeKey }]) =>
    elsewhere(stack, ["config", "cline:department", "developers", id, "homeKey"], homeKey, home),
  );
}

/** What an account has once is left to the owner of a shared account. */
function adopted(stack: AnyStack): Fault[] {
  if (stack.kind === "department") return [];
  const { account, adopt = [] } = stack.config["cline:platform"] ?? {};
  if (account !== "shared" || adopt.length === 0) return [];
  const allowed = "none with account: shared: they are left to the account's owner";
  return [stack.fault(["config", "cline:platform", "adopt"], shown(adopt), allowed, "remove adopt")];
}
