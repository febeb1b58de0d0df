import { outcomeOf, type Outcome } from "./verdict";
import type { PolicyMetadata, Violation } from "./document";

/** Violations of one policy that say the same of several resources, so that a report says it once. */
export interface Finding {
  readonly policy: string;
  readonly message: string;
  readonly outcome: Outcome;
  readonly severity: Violation["severity"];
  /** What to do; undefined where nothing is to be done (exempt, corrected) or the policy does not say. */
  readonly remedy: string | undefined;
  readonly exemption: Violation["exemption"];
  /** At least one, in the order given. */
  readonly violations: readonly Violation[];
}

/** The outcomes from what stops a deployment to what is only told. */
export const outcomes: readonly Outcome[] = [
  "mandatory",
  "advisory",
  "undeterminable",
  "remediated",
  "exempt",
  "disabled",
];

const severities: readonly string[] = ["critical", "high", "medium", "low", ""];

/** Findings by outcome, then severity, then in the order of the first violation of each. */
export function groupFindings(violations: readonly Violation[], policies: readonly PolicyMetadata[] = []): Finding[] {
  const metadata = new Map(policies.map((policy) => [policy.name, policy]));
  const groups = new Map<string, Violation[]>();
  for (const violation of violations) {
    const { policy, message, remedy, exemption, severity } = violation;
    const key = JSON.stringify([outcomeOf(violation), policy, message, remedy, exemption, severity]);
    const group = groups.get(key);
    if (group) group.push(violation);
    else groups.set(key, [violation]);
  }
  const findings = [...groups.values()].flatMap((group): Finding[] => {
    const [first] = group;
    if (!first) return [];
    const outcome = outcomeOf(first);
    const done = outcome === "exempt" || outcome === "remediated" || outcome === "disabled";
    const remedy = done ? undefined : (first.remedy ?? metadata.get(first.policy)?.remediation);
    const { policy, message, severity, exemption } = first;
    return [{ policy, message, outcome, severity, remedy, exemption, violations: group }];
  });
  const rank = (f: Finding): number => outcomes.indexOf(f.outcome) * severities.length + severities.indexOf(f.severity);
  return findings.sort((a, b) => rank(a) - rank(b));
}
