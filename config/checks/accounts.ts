import type { Fault } from "../faults";
import { type AnyStack } from "../stack-file";
import { accountOf, type StackSet } from "../stack-set";

/**
 * Roles, session documents and boundaries have known names under the organization's prefix, and an
 * account has each once. So the stack that creates them (a platform, or a department in another
 * account) is alone in its account with its prefix.
 */
export function checkAccounts(set: StackSet): Fault[] {
  const makers: { readonly stack: AnyStack; readonly account: string; readonly organization: string }[] = [];
  for (const stack of [...set.platforms, ...set.departments]) {
    const platform = stack.kind === "platform" ? stack : set.platformOf(stack);
    if (!platform) continue;
    const account = accountOf(stack, platform);
    const organization = platform.config["cline:platform"]?.organization;
    if (account === undefined || organization === undefined) continue;
    if (stack.kind === "platform" || account !== accountOf(platform, platform)) {
      makers.push({ stack, account, organization });
    }
  }
  const first = new Map<string, AnyStack>();
  const dedicated = new Map<string, AnyStack>();
  return makers.flatMap(({ stack, account, organization }): Fault[] => {
    const taken = first.get(`${account}/${organization}`);
    if (taken) {
      const path = ["config", "aws:allowedAccountIds"];
      const allowed = `an account that no other stack of "${organization}" founds; ${taken.file} does`;
      const next = stack.kind === "platform" ? "choose another account or organization" : "choose another account";
      return [stack.fault(path, `"${account}"`, allowed, next)];
    }
    first.set(`${account}/${organization}`, stack);
    if (stack.kind !== "platform" || stack.config["cline:platform"]?.account === "shared") return [];
    const owner = dedicated.get(account);
    dedicated.set(account, owner ?? stack);
    if (!owner) return [];
    const allowed = `shared, as ${owner.file} has the account's own settings already`;
    return [stack.fault(["config", "cline:platform", "account"], '"dedicated"', allowed, "write account: shared")];
  });
}
