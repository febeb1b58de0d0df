import { planComment, type StackFinding } from "./comment-plan";
import type { Comparison, ResourceChange, StackDifference } from "./difference";
import type { PreviewDocument } from "./document";
import { resourceTitle } from "./names";
import { paint, type Say } from "./paint";
import { defaultWidth, type TextOptions } from "./text";
import { renderGroup } from "./text-group";
import { wrap } from "./wrap";
import { countOutcomes, sayCounts } from "./outcome";

/**
 * The difference for a terminal: alarms, changes for people, findings, resources, verdict. Nothing
 * is cut off.
 */
export function renderComparison(document: PreviewDocument, comparison: Comparison, options: TextOptions = {}): string {
  const { colour = false, width = defaultWidth } = options;
  const say = paint(colour);
  const { alarms, access, newFindings, standing, goneFindings, stacks, refused, same, cost } = planComment(
    document,
    comparison,
  );
  const findings = (heading: string, list: readonly StackFinding[]): string[] =>
    list.flatMap(({ stack, group }) => [`${heading} in ${stack}`, ...renderGroup(group, say, width), ""]);
  const [word, tint] = refused ? (["Refused", "red"] as const) : (["Accepted", "green"] as const);
  return [
    ...wrap(comparison.reason, width),
    "",
    ...part(alarms.flatMap((text) => wrap(`!! ${text}`, width, "", "   ").map((line) => say("red", line)))),
    ...part(access.flatMap(({ about, text }) => accessLines(about, text, say, width))),
    ...findings("new", newFindings),
    ...findings("in the base as well", standing),
    ...findings("gone", goneFindings),
    ...stacks.flatMap((stack) => [...stackLines(stack, say), ""]),
    ...(cost === undefined ? [] : [...wrap(`Cost of these stacks: ${cost}.`, width), ""]),
    ...(same ? [`Nothing changes against ${comparison.base}.`, ""] : []),
    ...wrap(`${word}: ${sayCounts(countOutcomes(document.stacks))}.`, width).map((line) =>
      line.replace(word, say(tint, word)),
    ),
    "",
  ].join("\n");
}

/** A change for people, behind the department that it concerns. */
function accessLines(about: string, text: string, say: Say, width: number): string[] {
  const [first = "", ...rest] = wrap(`${about}: ${text}`, width, "", "  ");
  return [first.replace(about, say("bold", about)), ...rest];
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
