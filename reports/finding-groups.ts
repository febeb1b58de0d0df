import type { Finding, PolicyMetadata } from "./document";
import { outcomeOf, type Outcome } from "./outcome";

/** One policy that a cause breaks. */
export interface Broken {
  readonly policy: string;
  readonly message: string;
  readonly outcome: Outcome;
  readonly severity: Finding["severity"];
}

/**
 * One cause: what policies find at one input of a resource, and the same on other resources, so
 * that a report prints it once. Policy, message, outcome and severity are those of the worst.
 */
export interface FindingGroup extends Broken {
  /**
   * The remediation; undefined where nothing is to be done (exempt, corrected) or the policy has
   * none.
   */
  readonly remedy: string | undefined;
  readonly exemption: Finding["exemption"];
  /** The other policies that the cause breaks, the worst first; mostly none. */
  readonly others: readonly Broken[];
  /** Findings of the first policy: one of each resource, in the order given. At least one. */
  readonly findings: readonly Finding[];
}

/** The outcomes from mandatory to merely informative. */
export const outcomes: readonly Outcome[] = [
  "mandatory",
  "advisory",
  "undeterminable",
  "remediated",
  "exempt",
  "disabled",
];

const severities: readonly string[] = ["critical", "high", "medium", "low", ""];

/** Groups by outcome, then severity, then in the order of the first finding of each. */
export function groupFindings(
  findings: readonly Finding[],
  policies: readonly PolicyMetadata[] = [],
): readonly FindingGroup[] {
  const metadata = new Map(policies.map((policy) => [policy.name, policy]));
  const causes = gather(findings, causeOf).map((cause) =>
    [...cause].sort((a, b) => rankOf(brokenBy(a)) - rankOf(brokenBy(b))),
  );
  const groups = gather(causes, sameness).flatMap((alike): FindingGroup[] => {
    const [first, ...rest] = alike[0] ?? [];
    if (!first) return [];
    const broken = brokenBy(first);
    const done = ["exempt", "remediated", "disabled"].includes(broken.outcome);
    const remedy = done ? undefined : (first.remedy ?? metadata.get(first.policy)?.remediation);
    const each = alike.flatMap(([worst]) => worst ?? []);
    return [{ ...broken, remedy, exemption: first.exemption, others: rest.map(brokenBy), findings: each }];
  });
  return groups.sort((a, b) => rankOf(a) - rankOf(b));
}

/** The other policies of a group, one line for each text; without the text where it is the group's. */
export function sayOthers({ message, outcome, others }: FindingGroup): readonly string[] {
  return gather(others, (other) => other.message).map((list) => {
    const names = list.map((other) => {
      const marks = [
        other.outcome === outcome ? "" : other.outcome,
        outcome === "undeterminable" ? "" : other.severity,
      ];
      const told = marks.filter((mark) => mark !== "").join(", ");
      return told === "" ? other.policy : `${other.policy} (${told})`;
    });
    const text = list[0]?.message === message ? "" : `: ${list[0]?.message ?? ""}`;
    return `${names.join(", ")}${text}`;
  });
}

/** Rank of a finding by outcome, then severity; the lowest is the worst. */
export function rankOf({ outcome, severity }: Pick<FindingGroup, "outcome" | "severity">): number {
  return outcomes.indexOf(outcome) * severities.length + severities.indexOf(severity);
}

/** Lists of the things that have the same key, in the order of the first of each. */
function gather<T>(things: readonly T[], keyOf: (thing: T) => string): T[][] {
  const lists = new Map<string, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const list = lists.get(key);
    if (list) list.push(thing);
    else lists.set(key, [thing]);
  }
  return [...lists.values()];
}

/**
 * The cause of a finding: one input that policies find fault with, or one value that none of them
 * can know. Findings without an input, and those that ask for nothing, stand alone.
 */
function causeOf(finding: Finding): string {
  const { policy, urn, message, property, exemption } = finding;
  const outcome = outcomeOf(finding);
  if (outcome === "undeterminable") return JSON.stringify([outcome, urn, message]);
  const isOpen = outcome === "mandatory" || outcome === "advisory";
  if (isOpen && property !== undefined) return JSON.stringify(["violation", urn, property]);
  return JSON.stringify([outcome, urn, policy, message, exemption]);
}

/** The same for causes that differ only in their resource. */
function sameness(cause: readonly Finding[]): string {
  return JSON.stringify(cause.map((finding) => [brokenBy(finding), finding.remedy, finding.exemption]));
}

function brokenBy(finding: Finding): Broken {
  const { policy, message, severity } = finding;
  return { policy, message, outcome: outcomeOf(finding), severity };
}
