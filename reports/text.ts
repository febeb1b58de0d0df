import { canonical, type PolicyMetadata, type PreviewDocument, type StackReport } from "./document";
import { sayCost } from "./cost/words";
import { groupFindings, sayOthers, type FindingGroup } from "./finding-groups";
import { count, nameOf, resourceTitle, typeName, visible } from "./names";
import { paint, type Colour } from "./paint";
import { planTree, type Branch } from "./tree";
import { isRefused, sayCounts, countOutcomes, type Outcome } from "./outcome";

/** Options of the text. */
export interface TextOptions {
  /** Whether to colour with ANSI escapes; the default is not to. */
  readonly colour?: boolean;
  /** Whether to name every resource, instead of counting those of one type and equal components. */
  readonly every?: boolean;
}

const marks: Readonly<Record<Outcome, readonly [mark: string, heading: string, colour: Colour]>> = {
  mandatory: ["✗", "mandatory", "red"],
  advisory: ["!", "advisory", "yellow"],
  undeterminable: ["?", "not judged before deployment", "yellow"],
  remediated: ["~", "corrected by the pack", "cyan"],
  exempt: ["–", "exempt", "dim"],
  disabled: ["–", "disabled", "dim"],
};

/**
 * Maximum resources named in an advisory group; the others are counted. Mandatory violations are
 * all named.
 */
const namedPerGroup = 5;

/**
 * The document for a terminal: per stack a tree with counts, then the findings by policy, then one
 * verdict.
 */
export function renderText(document: PreviewDocument, options: TextOptions = {}): string {
  const { stacks, policies = [] } = canonical(document);
  const say = paint(options.colour ?? false);
  const parts = stacks.map((stack) => renderStack(stack, policies, say, options.every ?? false));
  const counts = countOutcomes(stacks);
  const total = stacks.reduce((n, { stack, resources }) => n + planTree(stack, resources).resources, 0);
  const last = isRefused(document) ? say("red", "Refused") : say("green", "Accepted");
  const summary = `${last}: ${count(stacks.length, "stack")}, ${count(total, "resource")}, ${sayCounts(counts)}.`;
  const costs = stacks.flatMap(({ cost }) => cost ?? []);
  const paid = costs.length > 0 ? [`Cost: ${sayCost(costs)}. npm run cost shows each line.`] : [];
  return [...parts, [...paid, summary].join("\n")].join("\n\n") + "\n";
}

type Say = ReturnType<typeof paint>;

function renderStack(stack: StackReport, policies: readonly PolicyMetadata[], say: Say, every: boolean): string {
  const tree = planTree(stack.stack, stack.resources, every);
  const lines = [`${say("bold", stack.stack)}  ${count(tree.resources, "resource")}`, ...below(tree, say, every)];
  for (const note of stack.notes ?? []) lines.push(`${say("yellow", "note")} ${visible(note)}`);
  for (const group of groupFindings(stack.violations, policies)) lines.push("", ...renderGroup(group, say));
  const counts = countOutcomes([stack]);
  const mark = counts.mandatory > 0 ? say("red", "✗") : say("green", "✓");
  return [...lines, "", `${mark} ${stack.stack}: ${sayCounts(counts)}`].join("\n");
}

/**
 * The lines under a branch; below components shown as one, resources have no names, since each
 * component's would differ.
 */
function below(branch: Branch, say: Say, every: boolean, named = true): string[] {
  const entries = [
    ...branch.leaves.map((leaf) => [leafLine(leaf.type, leaf.names, say, every, named)]),
    ...branch.branches.map((child) => [
      branchLine(child, say, named),
      ...below(child, say, every, named && child.names.length === 1),
    ]),
  ];
  return entries.flatMap(([first = "", ...rest], index) => {
    const isLast = index === entries.length - 1;
    return [
      say("dim", isLast ? "└─ " : "├─ ") + first,
      ...rest.map((line) => say("dim", isLast ? "   " : "│  ") + line),
    ];
  });
}

function branchLine({ type, names, resources }: Branch, say: Say, named: boolean): string {
  const many = names.length > 1 ? ` ×${names.length}` : "";
  const who = named ? `  ${names.map(visible).join(", ")}` : "";
  return `${say("bold", typeName(type))}${many}${who}  ${say("dim", count(resources, "resource") + (many && " each"))}`;
}

function leafLine(type: string, names: readonly string[], say: Say, every: boolean, named: boolean): string {
  const many = names.length > 1 ? ` ×${names.length}` : "";
  if (!named) return typeName(type) + many;
  return every || !many
    ? `${typeName(type)}  ${names.map(visible).join(", ")}`
    : `${typeName(type)}${many}  ${say("dim", shorten(names.map(visible)))}`;
}

/** The first names that fit in about a terminal's line, and the number of the others. */
function shorten(names: readonly string[]): string {
  const shown: string[] = [];
  let width = 0;
  for (const name of names) {
    width += name.length + 2;
    if (shown.length > 0 && width > 72) break;
    shown.push(name);
  }
  const more = names.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** What an exemption needs; docs/policies.md has its entries. */
const exemptionNeeds = "reason, ticket, approver and end";

export function renderGroup(group: FindingGroup, say: Say): string[] {
  const { policy, message, outcome, severity, remedy, exemption, findings } = group;
  const [mark, heading, colour] = marks[outcome];
  const lines = [`${say(colour, `${mark} ${heading}`)}  ${say("bold", policy)}${severity ? ` (${severity})` : ""}`];
  const shown = outcome === "mandatory" ? findings : findings.slice(0, namedPerGroup);
  for (const { urn, source } of shown)
    lines.push(`    ${resourceTitle(urn)}${source ? `  ${say("dim", source)}` : ""}`);
  const more = findings.length - shown.length;
  if (more > 0) lines.push(`    ${say("dim", `and ${count(more, "other resource")}`)}`);
  lines.push(...indented("found", message, say));
  for (const others of sayOthers(group)) lines.push(...indented("also", others, say));
  if (remedy) lines.push(...indented("remedy", remedy, say));
  const [first] = findings;
  if (first && (outcome === "mandatory" || outcome === "advisory"))
    lines.push(...indented("exemption", `${exemptionNeeds}: npm run exempt -- ${policy}@${nameOf(first.urn)}`, say));
  if (exemption) lines.push(...indented("exempt", `by ${exemption.ticket} until ${exemption.expires}`, say));
  return lines;
}

function indented(label: string, text: string, say: Say): string[] {
  return text
    .trim()
    .split("\n")
    .map(visible)
    .map((line, index) => `    ${index === 0 ? say("dim", `${label}: `) : "  "}${line}`);
}
