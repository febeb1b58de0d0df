import type { Finding, PreviewDocument, StackReport } from "./document";

/** Effect of a finding on the deployment: `mandatory` ones stop it, the others only inform. */
export type Outcome = "mandatory" | "advisory" | "undeterminable" | "exempt" | "remediated" | "disabled";

/** How many findings have each outcome, and how many judgements found nothing. */
export type OutcomeCounts = Readonly<Record<Outcome | "passed", number>>;

/**
 * The outcome of a finding. One that could not be judged is undeterminable at every level: a
 * violation is not proved.
 */
export function outcomeOf(finding: Finding): Outcome {
  if (finding.level === "exempt") return "exempt";
  if (finding.undeterminable) return "undeterminable";
  return finding.level === "remediate" ? "remediated" : finding.level;
}

/** The counts of some stacks together. */
export function countOutcomes(stacks: readonly StackReport[]): OutcomeCounts {
  const counts = { mandatory: 0, advisory: 0, undeterminable: 0, exempt: 0, remediated: 0, disabled: 0, passed: 0 };
  for (const stack of stacks) {
    for (const finding of stack.violations) counts[outcomeOf(finding)]++;
    for (const count of Object.values(stack.passed)) counts.passed += count;
  }
  return counts;
}

/** Whether anything in the document stops a deployment. */
export function isRefused(document: PreviewDocument): boolean {
  return countOutcomes(document.stacks).mandatory > 0;
}

const nouns: readonly (readonly [Outcome, one: string, many: string])[] = [
  ["mandatory", "mandatory violation", "mandatory violations"],
  ["advisory", "advisory", "advisories"],
  ["undeterminable", "not judged before deployment", "not judged before deployment"],
  ["remediated", "corrected by the pack", "corrected by the pack"],
  ["exempt", "exempt", "exempt"],
];

/** Counts in one line, such as `1 mandatory violation, 3 exempt, 812 checks passed`. */
export function sayCounts(counts: OutcomeCounts): string {
  const parts = nouns.flatMap(([outcome, one, many]) => {
    const count = counts[outcome];
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  return [...parts, `${counts.passed} ${counts.passed === 1 ? "check" : "checks"} passed`].join(", ");
}
