import { catalogue, noneKept, type KeptSpec, type PlatformSpec, type StackSpec } from "../../config";
import { capNames, extraBudgetChanges, roleChanges } from "./departments";
import { changedKeys, keyChanges, type KeyWords } from "./keys";
import { limitChanges } from "./limits";
import { listed, moves, usd } from "./words";

/** Keys that follow from other keys. */
const derived = ["capsHash", "stack", "accountId", "identityAccount"] as const;

/**
 * Changes of a platform itself.
 * @param told departments with a sentence on their caps of their own
 */
export function platformChanges(before: PlatformSpec, after: PlatformSpec, told: ReadonlySet<string>): string[] {
  const words: KeyWords<PlatformSpec> = {
    monthlyBudgetUsd: () => [
      `the organization's budget ${moves(before.monthlyBudgetUsd, after.monthlyBudgetUsd)} from ` +
        `${usd(before.monthlyBudgetUsd)} to ${usd(after.monthlyBudgetUsd)} a month`,
    ],
    operators: () => roleChanges(before.operators, after.operators, "operator"),
    auditors: () => roleChanges(before.auditors, after.auditors, "auditor"),
    alertEmails: () => [
      `the organization's alerts go to ${listed(after.alertEmails)} instead of ${listed(before.alertEmails)}`,
    ],
    alerts: () =>
      (["infrastructure", "security"] as const).flatMap((audience) => {
        const [was, is] = [before, after].map(({ alerts, alertEmails }) =>
          listed(alerts[audience] ?? alerts.infrastructure ?? alertEmails),
        );
        return was === is ? [] : [`alarms of ${audience} go to ${is} instead of ${was}`];
      }),
    mfaMode: () => [`sessions prove MFA by ${after.mfaMode} instead of ${before.mfaMode}`],
    mfaAttestation: () => [
      after.mfaAttestation
        ? `${after.mfaAttestation.by} attests until ${after.mfaAttestation.until} that the identity provider demands MFA`
        : "nobody attests any longer that the identity provider demands MFA",
    ],
    residency: () => [`prompts are processed in ${after.residency} instead of ${before.residency}`],
    models: () =>
      changedKeys(before.models, after.models).map(
        (tier) =>
          `the ${tier} model is ${catalogue[after.models[tier]].name} instead of ${catalogue[before.models[tier]].name}`,
      ),
    timeZone: () => [`schedules and reports follow ${after.timeZone} instead of ${before.timeZone}`],
    caps: () => capChanges(before, after, told),
    // An extra budget of a department with a stack file appears in that department's sentence.
    extraBudgets: () => {
      const own = (platform: PlatformSpec) => platform.extraBudgets.filter(({ department }) => !told.has(department));
      return extraBudgetChanges(own(before), own(after));
    },
  };
  return keyChanges(before, after, words, { except: derived });
}

/**
 * Caps that no department's own sentence covers: the default, and those of names without a stack
 * file.
 */
function capChanges(before: PlatformSpec, after: PlatformSpec, told: ReadonlySet<string>): string[] {
  const names = [...new Set([...Object.keys(before.caps), ...Object.keys(after.caps)])].sort();
  return names.flatMap((name) => {
    if (told.has(name)) return [];
    const [was, is] = [before.caps[name], after.caps[name]];
    if (!was && is) return [`caps.${name} is added: ${usd(is.monthlyBudgetUsd)} a month`];
    if (was && !is) return [`caps.${name} is removed: caps.default serves ${name}`];
    if (!was || !is) return [];
    return limitChanges(was, is, capNames(name)).flatMap(([, texts]) => texts);
  });
}

const keptBy = ({ kept, stack }: StackSpec): KeptSpec => kept[stack] ?? noneKept;
const keptWords: Readonly<Record<keyof KeptSpec, string>> = {
  buckets: "buckets",
  logGroups: "log groups",
  secrets: "secrets",
  homeKeys: "keys of homes",
};

/** Changes of images, region and account, for any stack. */
export function stackChanges(before: StackSpec, after: StackSpec): string[] {
  const images = changedKeys(before.images, after.images).filter((key) => key !== "samples" && key !== "tags");
  return [
    ...(before.region === after.region
      ? []
      : [`${after.stack} moves from ${before.region} to ${after.region}: everything is made anew`]),
    ...(before.accountId === after.accountId
      ? []
      : [`${after.stack} moves from account ${before.accountId} to ${after.accountId}`]),
    ...changedKeys(keptBy(before), keptBy(after)).map(
      (key) => `${after.stack} takes over other kept ${keptWords[key]}`,
    ),
    ...images.map((key) =>
      key === "workspaceAmi"
        ? `the workspaces of ${after.stack} get another image: every workspace is replaced, homes are kept`
        : `the ${key} image of ${after.stack} changes`,
    ),
  ];
}
