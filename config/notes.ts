import { hasEnded } from "./budget";
import { gatewayRelease, releaseTag } from "./gateway-release";
import { gatewayRoutes } from "./gateway-routes";
import { guardrailOf } from "./guardrails";
import { noneKept } from "./kept";
import { nearest } from "./nearest";
import type { ExtraBudget, StackSpec } from "./model";
import { accountDemand, bedrockNotes, quotaNotes, tierDemand } from "./quotas";
import type { StackSet } from "./stack-set";

/** Tags by which AWS counts spend, in words. */
const costTags = "ModelSpend, ModelSpendOrganization and Department";

/**
 * Notes at a preview that require no change.
 * @param today ISO date (UTC), in an `up` only: no preview depends on the date.
 */
export function planNotes(spec: StackSpec, set: StackSet, today?: string): readonly string[] {
  return [
    ...images(spec),
    ...extras(spec),
    ...keptData(spec),
    ...(spec.department ? departmentNotes(spec, today) : platformNotes(spec, set, today)),
  ];
}

function images({ stack, sharedFrom, gateway, images: { samples, tags } }: StackSpec): string[] {
  const file = `stacks/Pulumi.${sharedFrom ?? stack}.yaml`;
  const tested = releaseTag(gatewayRelease);
  const other =
    gateway === undefined || tags.gateway === undefined || tags.gateway.replace("-stable", "") === tested
      ? []
      : [
          `cline:images.gateway of ${file} is ${tags.gateway}; hook, prices and suites are those of ${tested}. docs/upgrade.md says how another version is tried first.`,
        ];
  if (samples.length === 0) return other;
  return [
    ...other,
    `cline:images of ${file} lacks ${samples.join(", ")}, or holds samples of them: a real up refuses that. docs/first-deployment.md, step 1, has the commands that print them.`,
  ];
}

/** The further routes that the stack's own gateway answers. */
function extras({ stack, gateway }: StackSpec): string[] {
  const opened = gateway?.extras ?? [];
  const base = gatewayRoutes([]);
  return gatewayRoutes(opened)
    .filter((route) => !base.includes(route))
    .map(
      ({ extra, method, path }) =>
        `cline:gateway.extras of stacks/Pulumi.${stack}.yaml has ${String(extra)}: the gateway also answers ${method} ${path}, to the same keys and budgets.`,
    );
}

/** The keys without which kept data cannot be read, each with what it encrypts. */
function keptData({ stack, kept, department }: StackSpec): string[] {
  const { buckets, logGroups, secrets } = kept[stack] ?? noneKept;
  const encrypted = [
    ...Object.entries(buckets).map(([name, key]) => [key, `the bucket ${name}`] as const),
    ...Object.entries(logGroups).map(([name, key]) => [key, `the log group ${name}`] as const),
    ...Object.entries(secrets).map(([name, { key }]) => [key, `the secret ${name}`] as const),
    ...(department?.developers ?? []).flatMap(({ id, homeKey }) =>
      homeKey === undefined ? [] : [[homeKey, `the home of ${id}`] as const],
    ),
  ].filter(([key]) => key !== "none");
  return [...new Set(encrypted.map(([key]) => key))].map((key) => {
    const what = encrypted.flatMap(([each, text]) => (each === key ? [text] : []));
    return `${key} stays the key of ${what.join(", ")}: kept data dies with its key.`;
  });
}

function platformNotes({ platform }: StackSpec, set: StackSet, today: string | undefined): string[] {
  const file = `stacks/Pulumi.${platform.stack}.yaml`;
  const stack = set.platforms.find((each) => each.stack === platform.stack);
  const departments = stack ? set.departmentsOf(stack) : [];
  const names = departments.map(({ stack }) => stack);
  const early = Object.keys(platform.caps).filter((name) => name !== "default" && !names.includes(name));
  return [
    ...early.map((name) => {
      const near = nearest(name, names);
      const meant = near === undefined ? "." : `; did you mean ${near}?`;
      return `caps.${name} of ${file} names no department's stack file yet${meant}`;
    }),
    ...platform.extraBudgets.map((extra) => extraNote(extra, file, today)),
    ...(platform.mfaAttestation
      ? [
          `${platform.mfaAttestation.by} attests until ${platform.mfaAttestation.until} that the identity provider demands MFA.`,
        ]
      : []),
    ...(platform.billing === undefined
      ? [
          `cline:platform of ${file} has no billing: the paying account's owner activates the cost allocation tags ${costTags}. Until then AWS's budgets see no spend, and the backstop behind the gateway's own limits never acts.`,
        ]
      : []),
    ...(platform.account === "shared"
      ? [
          "account: shared leaves to the account's owner: the CloudTrail trail, VPC block public access, EBS encryption by default, Bedrock invocation logging, the account's session preferences.",
        ]
      : []),
    ...quotaNotes(accountDemand(set, platform.accountId, platform.region), platform.quotas, file),
    ...(stack ? bedrockNotes(tierDemand(stack, departments), platform.quotas.bedrock, platform.models, file) : []),
  ];
}

function departmentNotes(spec: StackSpec, today: string | undefined): string[] {
  const { department, platform, gateway, accountId } = spec;
  if (!department) return [];
  const guardrail = guardrailOf(platform.guardrails, department.name);
  const blocked = department.developers.filter((developer) => developer.blocked).map(({ id }) => id);
  return [
    ...department.extraBudgets.map((extra) => extraNote(extra, `stacks/Pulumi.${platform.stack}.yaml`, today)),
    ...(guardrail && gateway && accountId !== platform.accountId
      ? [
          `The guardrail ${guardrail.id} of caps lies in the account ${platform.accountId}; the gateway of ${department.name} runs in ${accountId}. Without a guardrail of this id there, each of its chats answers 400.`,
        ]
      : []),
    ...(blocked.length > 0 ? [`A share of 0 blocks the key of ${blocked.join(", ")}.`] : []),
  ];
}

function extraNote(extra: ExtraBudget, file: string, today: string | undefined): string {
  const what = `Extra budget of ${extra.department}, ${extra.amountUsd} USD (${extra.reason})`;
  return hasEnded(extra, today)
    ? `${what}: ended on ${extra.until} and ignored; its entry in ${file} can go.`
    : `${what}: ends by itself after ${extra.until}.`;
}
