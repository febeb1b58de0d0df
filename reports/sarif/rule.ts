import type { ReportingDescriptor } from "sarif";
import { frameworks } from "../coverage";
import type { PolicyMetadata } from "../document";
import { cut, limits, textLength } from "./limits";

/** The number by which code scanning ranks alerts, 0 to 10. */
const securitySeverity: Readonly<Record<string, string>> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

/**
 * A policy as a rule. Code scanning requires both descriptions and a help text, so that an unlisted
 * policy has them too.
 */
export function ruleOf(id: string, policy: PolicyMetadata | undefined): ReportingDescriptor {
  const description = { text: cut(policy?.description ?? id, limits.descriptionLength) };
  const rank = securitySeverity[policy?.severity ?? ""];
  return {
    id,
    shortDescription: description,
    fullDescription: description,
    help: { text: cut(helpOf(policy) || id, textLength) },
    ...(policy?.url && { helpUri: policy.url }),
    ...(policy && { defaultConfiguration: { level: policy.level === "mandatory" ? "error" : "warning" } }),
    properties: { tags: shownTags(policy?.tags ?? []), ...(rank && { "security-severity": rank }) },
  };
}

/** The remediation, and every control: the tags hold the first ten only. */
function helpOf(policy: PolicyMetadata | undefined): string {
  const { remediation = "", tags = [] } = policy ?? {};
  return [remediation, tags.length > 0 ? `Controls: ${tags.join(", ")}` : ""]
    .filter((part) => part !== "")
    .join("\n\n");
}

/**
 * The tags that code scanning shows. `security` comes first, then the controls of the audited
 * frameworks, the first of each framework before the second of any. Other tools' checks follow in
 * the policy's order.
 */
export function shownTags(tags: readonly string[]): string[] {
  const seen = new Map<string, number>();
  const ranked = [...new Set(tags)].map((tag, position) => {
    const framework = tag.split(":", 1)[0] ?? "";
    const nth = seen.get(framework) ?? 0;
    seen.set(framework, nth + 1);
    const order = frameworks.indexOf(framework);
    return { tag, rank: order < 0 ? [tags.length, position] : [nth, order] };
  });
  ranked.sort((a, b) => (a.rank[0] ?? 0) - (b.rank[0] ?? 0) || (a.rank[1] ?? 0) - (b.rank[1] ?? 0));
  return ["security", ...ranked.map(({ tag }) => tag)].slice(0, limits.shownTagsPerRule);
}
