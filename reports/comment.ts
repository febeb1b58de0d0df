import { planComment, type CommentPlan, type StackFinding } from "./comment-plan";
import type { Comparison, ResourceChange, StackDifference } from "./difference";
import type { PreviewDocument } from "./document";
import type { FaultReport } from "./faults";
import { escapeMarkdown, headings, othersOf, quoted, renderMarkdown, type MarkdownOptions } from "./markdown";
import { count, resourceTitle } from "./names";
import { within, type Block } from "./within";

/** The comment's first line, by which a later run finds and updates it. */
export const commentMarker = "<!-- cline:preview -->";

/** GitHub refuses a comment above 65,536 characters. */
const MAX_LENGTH = 60_000;
/** Maximum number of resources that one finding names. */
const NAMED = 20;

/**
 * The document as the one comment of a pull request: the faults, or the difference from the base.
 * Alarms come first, then changes for people, findings, and resources. Items that do not fit are
 * counted. The same document gives the same bytes.
 */
export function renderComment(document: PreviewDocument, { maxLength = MAX_LENGTH }: MarkdownOptions = {}): string {
  const { faults, comparison } = document;
  if (faults)
    return within(maxLength, faultHead(faults), [faultBlock(faults)], "fault", "the preview's log lists them");
  if (!comparison || comparison.unavailable !== undefined) {
    const why = comparison ? `${escapeMarkdown(comparison.unavailable ?? "")}\n\n` : "";
    const head = `${commentMarker}\n${why}`;
    return head + renderMarkdown(document, { maxLength: maxLength - head.length });
  }
  const plan = planComment(document, comparison);
  const shows = `\`npm run preview -- --base ${escapeMarkdown(comparison.base)}\` shows them`;
  return within(maxLength, headOf(plan, comparison), blocksOf(plan), "line", shows);
}

function headOf(plan: CommentPlan, { base, reason }: Comparison): string {
  const verdict = plan.refused ? "❌ Policy preview: refused" : "✅ Policy preview: accepted";
  const same = plan.same ? [`Nothing changes against ${escapeMarkdown(base)}.`, ""] : [];
  const cost = plan.cost === undefined ? [] : [`**Cost of these stacks**: ${escapeMarkdown(plan.cost)}.`, ""];
  return [commentMarker, `## ${verdict}`, "", ...same, escapeMarkdown(reason), "", ...cost, ""].join("\n");
}

function blocksOf(plan: CommentPlan): Block[] {
  return [
    {
      open: "> [!CAUTION]\n> **Data or keys are taken away**\n",
      items: plan.alarms.map((text) => `> - ${escapeMarkdown(text)}\n`),
      close: "\n",
    },
    {
      open: "### For people\n\n",
      items: plan.access.map(({ about, text }) => `- **${escapeMarkdown(about)}**: ${escapeMarkdown(text)}\n`),
      close: "\n",
    },
    { open: "### New findings\n\n", items: plan.newFindings.map(findingItem), close: "" },
    { open: "### Mandatory findings that the base has as well\n\n", items: plan.standing.map(findingItem), close: "" },
    {
      open: "### Resources\n\n| stack | added | changed | replaced | removed | new findings | findings gone |\n|---|---:|---:|---:|---:|---:|---:|\n",
      items: plan.stacks.map(stackRow),
      close: "\n",
    },
    ...plan.stacks.flatMap(stackBlocks),
    {
      open: "<details><summary>Findings that are gone</summary>\n\n",
      items: plan.goneFindings.map(
        ({ stack, group }) =>
          `- ${headings[group.outcome]} **${escapeMarkdown([group, ...group.others].map((each) => each.policy).join(", "))}** in ${escapeMarkdown(stack)}: ${named(group.findings.map(({ urn }) => urn))}\n`,
      ),
      close: "\n</details>\n\n",
    },
  ];
}

function stackRow({ stack, status, ...difference }: StackDifference): string {
  const { added, changed, replaced, removed, newFindings, goneFindings } = difference;
  const name = `${escapeMarkdown(stack)}${status === "kept" ? "" : ` (${status})`}`;
  const counts = [added, changed, replaced, removed, newFindings, goneFindings].map((list) => list.length);
  return `| ${[name, ...counts].join(" | ")} |\n`;
}

/** A folded list of each kind; replaced and removed resources come first. */
function stackBlocks({ stack, added, changed, replaced, removed }: StackDifference): Block[] {
  const folded = (what: string, items: readonly string[]): Block => ({
    open: `<details><summary>${escapeMarkdown(stack)}: ${items.length} ${what}</summary>\n\n`,
    items,
    close: "\n</details>\n\n",
  });
  return [
    folded("replaced", replaced.map(changeItem)),
    folded(
      "removed",
      removed.map(({ urn, retained }) => `- ${title(urn)}${retained ? " (stays in the account)" : ""}\n`),
    ),
    folded("changed", changed.map(changeItem)),
    folded(
      "added",
      added.map((urn) => `- ${title(urn)}\n`),
    ),
  ];
}

const title = (urn: string): string => escapeMarkdown(resourceTitle(urn));

/** Maximum number of properties that one resource shows. */
const PROPERTIES = 10;

function changeItem({ urn, properties, forcedBy }: ResourceChange): string {
  const ordered = [
    ...properties.filter(({ path }) => forcedBy.includes(path)),
    ...properties.filter(({ path }) => !forcedBy.includes(path)),
  ];
  const lines = ordered.slice(0, PROPERTIES).map(({ path, from, to }) => {
    const values = `${escapeMarkdown(from ?? "nothing")} → ${escapeMarkdown(to ?? "nothing")}`;
    return `  - ${escapeMarkdown(path)}: ${values}${forcedBy.includes(path) ? " (forces the replacement)" : ""}\n`;
  });
  const more = ordered.length - lines.length;
  return [`- ${title(urn)}\n`, ...lines, ...(more > 0 ? [`  - and ${more} more\n`] : [])].join("");
}

function findingItem({ stack, group }: StackFinding): string {
  const { outcome, policy, severity, message, remedy, exemption, findings } = group;
  const lines = [
    `**${headings[outcome]} ${escapeMarkdown(policy)}**${severity ? ` (${severity})` : ""} in ${escapeMarkdown(stack)}`,
    "",
    ...quoted(message),
    "",
    ...othersOf(group),
    ...findings
      .slice(0, NAMED)
      .map(({ urn, source }) => `- ${title(urn)}${source ? ` — ${escapeMarkdown(source)}` : ""}`),
    ...(findings.length > NAMED ? [`- and ${count(findings.length - NAMED, "more resource")}`] : []),
    ...(remedy ? ["", `**Remedy**: ${escapeMarkdown(remedy)}`] : []),
    ...(exemption ? ["", `Exempt by ${escapeMarkdown(exemption.ticket)} until ${exemption.expires}.`] : []),
  ];
  return `${lines.join("\n")}\n\n`;
}

function named(urns: readonly string[]): string {
  const more = urns.length - NAMED;
  return [...urns.slice(0, NAMED).map(title), ...(more > 0 ? [count(more, "more resource")] : [])].join(", ");
}

const isPlaced = ({ file }: FaultReport): boolean => file !== undefined;

function faultHead(faults: readonly FaultReport[]): string {
  const files = faults.some(isPlaced);
  return [
    commentMarker,
    `## ❌ ${files ? "The stack files have faults" : "The preview failed"}`,
    "",
    `${count(faults.length, "fault")}. Nothing was previewed or judged.`,
    "",
    "",
  ].join("\n");
}

function faultBlock(faults: readonly FaultReport[]): Block {
  if (!faults.some(isPlaced))
    return { open: "", items: faults.map(({ message }) => `${quoted(message).join("\n")}\n`), close: "" };
  const row = ({
    file = "",
    line = 0,
    path = "",
    found = "",
    allowed = "",
    next = "",
    message,
  }: FaultReport): string => {
    const cells =
      file === "" ? ["", "", message, "", ""] : [line > 0 ? `${file}:${line}` : file, path, found, allowed, next];
    return `| ${cells.map(escapeMarkdown).join(" | ")} |\n`;
  };
  return {
    open: "| file | path | found | allowed | next step |\n|---|---|---|---|---|\n",
    items: faults.map(row),
    close: "",
  };
}
