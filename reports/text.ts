import { sayCost } from "./cost/words";
import { canonical, type PolicyMetadata, type PreviewDocument, type StackReport } from "./document";
import { groupFindings } from "./finding-groups";
import { count, visible } from "./names";
import { countOutcomes, isRefused, sayCounts } from "./outcome";
import { paint, type Say } from "./paint";
import { departmentLines } from "./people";
import { renderGroup } from "./text-group";
import { treeLines } from "./text-tree";
import { planTree } from "./tree";
import { wrap } from "./wrap";

/** Options of the text. */
export interface TextOptions {
  /** Whether to colour with ANSI escapes; the default is not to. */
  readonly colour?: boolean;
  /**
   * Whether to name every resource and every finding; the default names mandatory findings and
   * counts the others.
   */
  readonly all?: boolean;
  /** Columns of the terminal; default 80. A longer word, such as a URN, has a line of its own. */
  readonly width?: number;
}

/** Columns where no terminal says otherwise. */
export const defaultWidth = 80;

/**
 * The document for a terminal: the verdict and the cost, each department's people, what stops a
 * deployment, notes, and a count of the other findings. With `all` also each stack's resources as a
 * tree, and every finding.
 */
export function renderText(document: PreviewDocument, options: TextOptions = {}): string {
  const { colour = false, all = false, width = defaultWidth } = options;
  const { stacks, policies = [] } = canonical(document);
  const say = paint(colour);
  const parts = [
    verdictLines(document, stacks, say, width),
    ...stacks.map((stack) => stackLines(stack, say, width, all)),
    ...stacks.flatMap((stack) => findingParts(stack, policies, say, width, all)),
    noteLines(stacks, say, width, all),
    all ? [] : foldedLines(stacks, width),
  ];
  return parts.flatMap((lines) => (lines.length === 0 ? [] : [lines.join("\n")])).join("\n\n") + "\n";
}

function verdictLines(document: PreviewDocument, stacks: readonly StackReport[], say: Say, width: number): string[] {
  const total = stacks.reduce((n, { stack, resources }) => n + planTree(stack, resources).resources, 0);
  const counts = sayCounts(countOutcomes(stacks));
  const [word, colour] = isRefused(document) ? (["Refused", "red"] as const) : (["Accepted", "green"] as const);
  const verdict = wrap(`${word}: ${count(stacks.length, "stack")}, ${count(total, "resource")}, ${counts}.`, width);
  const costs = stacks.flatMap(({ cost }) => cost ?? []);
  const paid = costs.length === 0 ? [] : wrap(`Cost: ${sayCost(costs)}. npm run cost shows each line.`, width);
  return [...verdict, ...paid].map((line) => line.replace(word, say(colour, word)));
}

function stackLines({ stack, resources, department }: StackReport, say: Say, width: number, all: boolean): string[] {
  const tree = planTree(stack, resources);
  return [
    `${say("bold", visible(stack))}  ${count(tree.resources, "resource")}`,
    ...(department ? departmentLines(department, say, width) : []),
    ...(all ? treeLines(tree, say) : []),
  ];
}

/** Findings of a stack: the mandatory ones, or all. */
function findingParts(
  { stack, violations }: StackReport,
  policies: readonly PolicyMetadata[],
  say: Say,
  width: number,
  all: boolean,
): string[][] {
  const groups = groupFindings(violations, policies).filter(({ outcome }) => all || outcome === "mandatory");
  return groups.map((group) => renderGroup(group, say, width, stack));
}

/** Lines of a note on the first page. */
const linesPerNote = 2;

/** Notes, each once, with the stacks that have it; without `all` each note's first lines. */
function noteLines(stacks: readonly StackReport[], say: Say, width: number, all: boolean): string[] {
  const having = new Map<string, string[]>();
  for (const { stack, notes = [] } of stacks)
    for (const note of notes) having.set(note, [...(having.get(note) ?? []), stack]);
  return [...having].flatMap(([note, names]) => {
    const where = names.length === stacks.length ? "" : ` (${names.map(visible).join(", ")})`;
    const [first = "", ...rest] = shown(wrap(`note${where}: ${visible(note)}`, width - 2, "", "  "), all);
    return [first.replace("note", say("yellow", "note")), ...rest];
  });
}

const shown = (lines: readonly string[], all: boolean): readonly string[] =>
  all || lines.length <= linesPerNote
    ? lines
    : [...lines.slice(0, linesPerNote - 1), `${lines[linesPerNote - 1] ?? ""} …`];

/** What the first page only counts. */
function foldedLines(stacks: readonly StackReport[], width: number): string[] {
  const { mandatory: _shown, passed: _passed, ...others } = countOutcomes(stacks);
  const isFolded = Object.values(others).some((n) => n > 0);
  const told = isFolded
    ? "--all shows every resource, every other finding, and notes whole."
    : "--all shows every resource, and notes whole.";
  return wrap(told, width);
}
