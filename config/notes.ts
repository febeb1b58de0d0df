import { hasEnded } from "./budget";
import { knownEntries } from "./known";
import type { ExtraBudget, StackSpec } from "./model";
import { accountDemand, quotaNotes } from "./quotas";
import type { StackSet } from "./stack-set";

/**
 * IAM's default quota of roles in an account; each developer has one, each department three. Above
 * it, the quota must be raised first.
 */
const rolesPerAccount = 1000;
/** Roles of a platform's own workloads and users, rounded up. */
const platformRoles = 40;

/**
 * Notes at a preview that require no change.
 * @param today ISO date (UTC), in an `up` only: no preview depends on the date.
 */
export function planNotes(spec: StackSpec, set: StackSet, today?: string): readonly string[] {
  return [...images(spec), ...(spec.department ? departmentNotes(spec, today) : platformNotes(spec, set, today))];
}

function images({ stack, sharedFrom, images: { samples } }: StackSpec): string[] {
  if (!samples) return [];
  return [`cline:images of stacks/Pulumi.${sharedFrom ?? stack}.yaml holds samples: a real up refuses them.`];
}

function platformNotes({ platform }: StackSpec, set: StackSet, today: string | undefined): string[] {
  const file = `stacks/Pulumi.${platform.stack}.yaml`;
  const stack = set.platforms.find((each) => each.stack === platform.stack);
  const departments = stack ? set.departmentsOf(stack) : [];
  const names = new Set(departments.map(({ stack }) => stack));
  const early = Object.keys(platform.caps).filter((name) => name !== "default" && !names.has(name));
  const people = departments.reduce(
    (sum, { config }) => sum + knownEntries(config["cline:department"]?.developers).length,
    0,
  );
  const roles = people + 3 * departments.length + platformRoles;
  return [
    ...early.map((name) => `caps.${name} of ${file} names no department's stack file yet.`),
    ...platform.extraBudgets.map((extra) => extraNote(extra, file, today)),
    ...(platform.mfaAttestation
      ? [
          `${platform.mfaAttestation.by} attests until ${platform.mfaAttestation.until} that the identity provider demands MFA.`,
        ]
      : []),
    ...(platform.account === "shared"
      ? [
          "account: shared leaves to the account's owner: the CloudTrail trail, VPC block public access, EBS encryption by default, Bedrock invocation logging, the account's session preferences.",
        ]
      : []),
    ...(roles > rolesPerAccount
      ? [
          `About ${roles} IAM roles for ${people} developers: raise the quota "Roles per account" above ${rolesPerAccount}.`,
        ]
      : []),
    ...quotaNotes(accountDemand(set, platform.accountId, platform.region), platform.quotas, file),
  ];
}

function departmentNotes({ department, platform }: StackSpec, today: string | undefined): string[] {
  if (!department) return [];
  const blocked = department.developers.filter((developer) => developer.blocked).map(({ id }) => id);
  return [
    ...department.extraBudgets.map((extra) => extraNote(extra, `stacks/Pulumi.${platform.stack}.yaml`, today)),
    ...(blocked.length > 0 ? [`A share of 0 blocks the key of ${blocked.join(", ")}.`] : []),
  ];
}

function extraNote(extra: ExtraBudget, file: string, today: string | undefined): string {
  const what = `Extra budget of ${extra.department}, ${extra.amountUsd} USD (${extra.reason})`;
  return hasEnded(extra, today)
    ? `${what}: ended on ${extra.until} and ignored; its entry in ${file} can go.`
    : `${what}: ends by itself after ${extra.until}.`;
}
