import type { PreviewDocument, StackReport, Violation } from "./document";

/** What became of a finding: `mandatory` ones stop a deployment, the others are told. */
export type Outcome = "mandatory" | "advisory" | "undeterminable" | "exempt" | "remediated" | "disabled";

/** How many findings had each outcome, and how many judgements found nothing. */
export type Verdict = Readonly<Record<Outcome | "passed", number>>;

/** A finding that could not be judged is told as such whatever its policy's level: nobody knows that it is a violation. */
export function outcomeOf(violation: Violation): Outcome {
  if (violation.level === "exempt") return "exempt";
  if (violation.undeterminable) return "undeterminable";
  return violation.level === "remediate" ? "remediated" : violation.level;
}

/** The verdict on some stacks together. */
export function verdictOf(stacks: readonly StackReport[]): Verdict {
  const verdict = { mandatory: 0, advisory: 0, undeterminable: 0, exempt: 0, remediated: 0, disabled: 0, passed: 0 };
  for (const stack of stacks) {
    for (const violation of stack.violations) verdict[outcomeOf(violation)]++;
    for (const count of Object.values(stack.passed)) verdict.passed += count;
  }
  return verdict;
}

/** Whether anything in the document stops a deployment. */
export function isRefused(document: PreviewDocument): boolean {
  return verdictOf(document.stacks).mandatory > 0;
}

const nouns: readonly (readonly [Outcome, one: string, many: string])[] = [
  ["mandatory", "mandatory violation", "mandatory violations"],
  ["advisory", "advisory", "advisories"],
  ["undeterminable", "not judged before deployment", "not judged before deployment"],
  ["remediated", "corrected by the pack", "corrected by the pack"],
  ["exempt", "exempt", "exempt"],
];

/** A verdict in one line, such as `1 mandatory violation, 3 exempt, 812 checks passed`. */
export function sayVerdict(verdict: Verdict): string {
  const parts = nouns.flatMap(([outcome, one, many]) => {
    const count = verdict[outcome];
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  return [...parts, `${verdict.passed} ${verdict.passed === 1 ? "check" : "checks"} passed`].join(", ");
}
