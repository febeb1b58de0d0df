import { sayOthers, type FindingGroup } from "./finding-groups";
import { count, nameOf, resourceTitle, visible } from "./names";
import type { Outcome } from "./outcome";
import type { Colour, Say } from "./paint";
import { wrap } from "./wrap";

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

/** What an exemption needs; docs/policies.md has its entries. */
const exemptionNeeds = "reason, ticket, approver and end";

/** Lines of a group of findings. @param where the stack, named beside the policy */
export function renderGroup(group: FindingGroup, say: Say, width: number, where?: string): string[] {
  const { policy, message, outcome, severity, remedy, exemption, findings } = group;
  const [mark, heading, colour] = marks[outcome];
  const title = `${say("bold", policy)}${severity ? ` (${severity})` : ""}${where === undefined ? "" : ` in ${visible(where)}`}`;
  const lines = [`${say(colour, `${mark} ${heading}`)}  ${title}`];
  const shown = outcome === "mandatory" ? findings : findings.slice(0, namedPerGroup);
  for (const { urn, source } of shown) lines.push(...named(resourceTitle(urn), source, say, width));
  const more = findings.length - shown.length;
  if (more > 0) lines.push(`    ${say("dim", `and ${count(more, "other resource")}`)}`);
  const labelled = (label: string, text: string): string[] => {
    lines.push(...indented(label, text, say, width));
    return lines;
  };
  labelled("found", message);
  for (const others of sayOthers(group)) labelled("also", others);
  if (remedy) labelled("remedy", remedy);
  const [first] = findings;
  if (first && (outcome === "mandatory" || outcome === "advisory"))
    // The command stays whole, for a paste.
    labelled("exemption", `${exemptionNeeds}:`).push(
      `      npm run exempt -- ${visible(`${policy}@${nameOf(first.urn)}`)}`,
    );
  if (exemption) labelled("exempt", `by ${exemption.ticket} until ${exemption.expires}`);
  return lines;
}

/** A resource with its source line, which goes below where both are too long. */
function named(title: string, source: string | undefined, say: Say, width: number): string[] {
  if (!source) return [`    ${title}`];
  const fits = 4 + title.length + 2 + source.length <= width;
  return fits ? [`    ${title}  ${say("dim", source)}`] : [`    ${title}`, `      ${say("dim", source)}`];
}

function indented(label: string, text: string, say: Say, width: number): string[] {
  const lines = text.trim().split("\n").map(visible);
  const wrapped = lines.flatMap((line, at) => wrap(line, width, at === 0 ? `    ${label}: ` : "      ", "      "));
  return wrapped.map((line, at) => (at === 0 ? line.replace(`${label}: `, say("dim", `${label}: `)) : line));
}
