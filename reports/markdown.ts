import { canonical, type PreviewDocument, type StackReport } from "./document";
import { sayCost } from "./cost/words";
import { groupFindings, sayOthers, type FindingGroup } from "./finding-groups";
import { count, resourceTitle, visible } from "./names";
import { planTree } from "./tree";
import { isRefused, sayCounts, countOutcomes, type Outcome } from "./outcome";

/** Options of the Markdown. */
export interface MarkdownOptions {
  /**
   * Maximum characters of the result; GitHub refuses a comment above 65,536. Items cut off are
   * counted. Default 60,000.
   */
  readonly maxLength?: number;
}

export const headings: Readonly<Record<Outcome, string>> = {
  mandatory: "❌ mandatory",
  advisory: "⚠️ advisory",
  undeterminable: "❔ not judged before deployment",
  remediated: "🔧 corrected by the pack",
  exempt: "➖ exempt",
  disabled: "➖ disabled",
};

/**
 * The document as a comment on a pull request: the verdict, a table of stacks, then the findings,
 * mandatory ones first.
 */
export function renderMarkdown(document: PreviewDocument, { maxLength = 60_000 }: MarkdownOptions = {}): string {
  const { stacks, policies = [] } = canonical(document);
  const head = [
    `## ${isRefused(document) ? "❌ Policy preview: refused" : "✅ Policy preview: accepted"}`,
    "",
    `${sayCounts(countOutcomes(stacks))}.`,
    "",
    "| stack | resources | mandatory | advisory | not judged | exempt | checks passed |",
    "|---|---:|---:|---:|---:|---:|---:|",
    ...stacks.map(stackRow),
    "",
    ...costLines(stacks),
    ...stacks.flatMap(({ stack, notes = [] }) =>
      notes.map((note) => `- **${escapeMarkdown(stack)}**: ${escapeMarkdown(note)}`),
    ),
  ].join("\n");
  const groups = stacks.flatMap(({ stack, violations }) =>
    groupFindings(violations, policies).map((group) => ({ stack, group })),
  );
  const urgent = groups.filter(({ group }) => group.outcome === "mandatory");
  const rest = groups.filter(({ group }) => group.outcome !== "mandatory");
  let text = head;
  let left = 0;
  for (const { stack, group } of [...urgent, ...rest]) {
    const section = `\n${renderGroup(stack, group)}`;
    if (left > 0 || text.length + section.length > maxLength - 100) left++;
    else text += section;
  }
  return `${text.trimEnd()}\n${left > 0 ? `\n… and ${count(left, "more finding")}: see the full report.\n` : ""}`;
}

function costLines(stacks: readonly StackReport[]): string[] {
  const costs = stacks.flatMap(({ cost }) => cost ?? []);
  return costs.length === 0 ? [] : [`**Cost**: ${escapeMarkdown(sayCost(costs))}.`, ""];
}

function stackRow(stack: StackReport): string {
  const { mandatory, advisory, undeterminable, exempt, passed } = countOutcomes([stack]);
  const { resources } = planTree(stack.stack, stack.resources);
  return `| ${[escapeMarkdown(stack.stack), resources, mandatory, advisory, undeterminable, exempt, passed].join(" | ")} |`;
}

function renderGroup(stack: string, group: FindingGroup): string {
  const { outcome, policy, severity, message, remedy, exemption, findings } = group;
  const lines = [
    `<details${outcome === "mandatory" ? " open" : ""}><summary>${headings[outcome]} <b>${escapeMarkdown(policy)}</b>${severity ? ` (${severity})` : ""}` +
      ` in ${escapeMarkdown(stack)}: ${count(findings.length, "resource")}</summary>`,
    "",
    ...quoted(message),
    "",
    ...othersOf(group),
    ...findings.map(({ urn, source }) => `- ${escapeMarkdown(resourceTitle(urn))}${source ? ` — \`${source}\`` : ""}`),
  ];
  if (remedy) lines.push("", `**Remedy**: ${escapeMarkdown(remedy)}`);
  if (exemption) lines.push("", `Exempt by ${escapeMarkdown(exemption.ticket)} until ${exemption.expires}.`);
  return [...lines, "", "</details>", ""].join("\n");
}

/** A list of the other policies that the cause breaks; empty where there are none. */
export function othersOf(group: FindingGroup): string[] {
  const others = sayOthers(group).map((line) => `- also ${escapeMarkdown(line)}`);
  return others.length === 0 ? [] : [...others, ""];
}

export function quoted(text: string): string[] {
  return text.split("\n").map((line) => `> ${escapeMarkdown(line)}`);
}

/**
 * Escapes text of a program, so that it can neither break the table or the markup nor notify a user
 * by `@name`.
 */
export function escapeMarkdown(text: string): string {
  return visible(text.replaceAll("\n", " "))
    .replace(/[\\`*_[\]|~]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "@\u200b");
}
