import type { Finding, PolicyMetadata } from "./document";
import { outcomeOf, type Outcome } from "./outcome";

/**
 * Findings of one policy with the same text on several resources, so that a report prints the text
 * once.
 */
export interface FindingGroup {
  readonly policy: string;
  readonly message: string;
  readonly outcome: Outcome;
  readonly severity: Finding["severity"];
  /**
   * The remediation; undefined where nothing is to be done (exempt, corrected) or the policy has
   * none.
   */
  readonly remedy: string | undefined;
  readonly exemption: Finding["exemption"];
  /** At least one, in the order given. */
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
  const alike = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { policy, message, remedy, exemption, severity } = finding;
    const key = JSON.stringify([outcomeOf(finding), policy, message, remedy, exemption, severity]);
    const group = alike.get(key);
    if (group) group.push(finding);
    else alike.set(key, [finding]);
  }
  const groups = [...alike.values()].flatMap((group): FindingGroup[] => {
    const [first] = group;
    if (!first) return [];
    const outcome = outcomeOf(first);
    const done = outcome === "exempt" || outcome === "remediated" || outcome === "disabled";
    const remedy = done ? undefined : (first.remedy ?? metadata.get(first.policy)?.remediation);
    const { policy, message, severity, exemption } = first;
    return [{ policy, message, outcome, severity, remedy, exemption, findings: group }];
  });
  return groups.sort((a, b) => rankOf(a) - rankOf(b));
}

/** Rank of a finding by outcome, then severity; the lowest is the worst. */
export function rankOf({ outcome, severity }: Pick<FindingGroup, "outcome" | "severity">): number {
  return outcomes.indexOf(outcome) * severities.length + severities.indexOf(severity);
}
