import { planComment, type StackFinding } from "./comment-plan";
import type { Comparison, ResourceChange, StackDifference } from "./difference";
import type { PreviewDocument } from "./document";
import { resourceTitle } from "./names";
import { paint } from "./paint";
import { renderGroup, type TextOptions } from "./text";
import { countOutcomes, sayCounts } from "./outcome";

type Say = ReturnType<typeof paint>;

/**
 * The difference for a terminal: alarms, changes for people, findings, resources, verdict. Nothing
 * is cut off.
 */
export function renderComparison(document: PreviewDocument, comparison: Comparison, options: TextOptions = {}): string {
  const say = paint(options.colour ?? false);
  const { alarms, access, newFindings, standing, goneFindings, stacks, refused, same, cost } = planComment(
    document,
    comparison,
  );
  const findings = (heading: string, list: readonly StackFinding[]): string[] =>
    list.flatMap(({ stack, group }) => [`${heading} in ${stack}`, ...renderGroup(group, say), ""]);
  const verdict = refused ? say("red", "Refused") : say("green", "Accepted");
  return [
    comparison.reason,
    "",
    ...part(alarms.map((text) => say("red", `!! ${text}`))),
    ...part(access.map(({ about, text }) => `${say("bold", about)}: ${text}`)),
    ...findings("new", newFindings),
    ...findings("in the base as well", standing),
    ...findings("gone", goneFindings),
    ...stacks.flatMap((stack) => [...stackLines(stack, say), ""]),
    ...(cost === undefined ? [] : [`Cost of these stacks: ${cost}.`, ""]),
    ...(same ? [`Nothing changes against ${comparison.base}.`, ""] : []),
    `${verdict}: ${sayCounts(countOutcomes(document.stacks))}.`,
    "",
  ].join("\n");
}

const part = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : [...lines, ""]);

function stackLines({ stack, status, added, changed, replaced, removed }: StackDifference, say: Say): string[] {
  const counts = `${added.length} added, ${changed.length} changed, ${replaced.length} replaced, ${removed.length} removed`;
  return [
    `${say("bold", stack)}${status === "kept" ? "" : ` (${status})`}  ${counts}`,
    ...replaced.flatMap((change) => [`${say("red", "±")} ${resourceTitle(change.urn)}`, ...propertyLines(change, say)]),
    ...removed.map(
      ({ urn, retained }) => `${say("red", "-")} ${resourceTitle(urn)}${retained ? " (stays in the account)" : ""}`,
    ),
    ...changed.flatMap((change) => [
      `${say("yellow", "~")} ${resourceTitle(change.urn)}`,
      ...propertyLines(change, say),
    ]),
    ...added.map((urn) => `${say("green", "+")} ${resourceTitle(urn)}`),
  ];
}

const propertyLines = ({ properties, forcedBy }: ResourceChange, say: Say): string[] =>
  properties.map(({ path, from, to }) => {
    const forces = forcedBy.includes(path) ? say("red", " (forces the replacement)") : "";
    return `    ${say("dim", `${path}:`)} ${from ?? "nothing"} → ${to ?? "nothing"}${forces}`;
  });
