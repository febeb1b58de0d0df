import { byText, canonical, type PreviewDocument } from "./document";
import { escapeMarkdown } from "./markdown";
import { outcomeOf, type Outcome } from "./outcome";

/** Result of a control's policies over all stacks; the worst of them decides. */
export type Coverage = "violated" | "advised" | "not judged" | "exempt" | "passed" | "not applicable";

/** One control of one framework with the policies that cover it. */
export interface ControlCoverage {
  /** As in the tags: `fsbp`, `cis-aws-3.0`, `nist-800-53r5`, `aisf`, `baseline`. */
  readonly framework: string;
  readonly control: string;
  readonly policies: readonly string[];
  readonly verdict: Coverage;
}

/**
 * Frameworks whose controls an audit covers. Tags of other tools' checks (`checkov:…`) are not
 * controls.
 */
export const frameworks: readonly string[] = ["baseline", "fsbp", "cis-aws-3.0", "nist-800-53r5", "aisf"];

const worstFirst: readonly Coverage[] = ["violated", "advised", "not judged", "exempt", "passed", "not applicable"];

const coverageOf: Partial<Record<Outcome, Coverage>> = {
  mandatory: "violated",
  advisory: "advised",
  undeterminable: "not judged",
  exempt: "exempt",
  remediated: "passed",
};

/** Every control that a policy of the pack names, by framework and control. */
export function planCoverage(document: PreviewDocument): ControlCoverage[] {
  const { stacks, policies = [] } = canonical(document);
  const verdicts = new Map<string, Set<Coverage>>(
    policies.map((policy) => [policy.name, new Set<Coverage>(["not applicable"])]),
  );
  for (const { violations, passed } of stacks) {
    for (const finding of violations) {
      const coverage = coverageOf[outcomeOf(finding)];
      if (coverage) verdicts.get(finding.policy)?.add(coverage);
    }
    for (const [policy, count] of Object.entries(passed)) if (count > 0) verdicts.get(policy)?.add("passed");
  }
  const controls = new Map<string, string[]>();
  for (const { name, tags } of policies) {
    for (const tag of new Set(tags)) controls.set(tag, [...(controls.get(tag) ?? []), name]);
  }
  return [...controls]
    .flatMap(([tag, names]): ControlCoverage[] => {
      const [framework = "", ...rest] = tag.split(":");
      if (!frameworks.includes(framework)) return [];
      const seen = new Set(names.flatMap((name) => [...(verdicts.get(name) ?? [])]));
      const verdict = worstFirst.find((coverage) => seen.has(coverage)) ?? "not applicable";
      return [{ framework, control: rest.join(":"), policies: names, verdict }];
    })
    .sort(
      (a, b) => frameworks.indexOf(a.framework) - frameworks.indexOf(b.framework) || byControl(a.control, b.control),
    );
}

/** The coverage as a Markdown table. */
export function renderCoverage(document: PreviewDocument): string {
  const rows = planCoverage(document).map(
    ({ framework, control, verdict, policies }) =>
      `| ${framework} | ${escapeMarkdown(control)} | ${verdict} | ${policies.map((policy) => `\`${policy}\``).join(", ")} |`,
  );
  return ["| framework | control | verdict | policies |", "|---|---|---|---|", ...rows, ""].join("\n");
}

/** `EC2.9` before `EC2.13`: numbers in control ids compare as numbers. */
function byControl(a: string, b: string): number {
  const parts = (text: string): string[] => text.match(/\d+|\D+/g) ?? [];
  const [left, right] = [parts(a), parts(b)];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = /^\d/.test(part) && /^\d/.test(other) ? Number(part) - Number(other) : byText(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
