import type { Doubt } from "./doubt";
import { typed } from "../typed";
import { anySite, type Site } from "./site";

const begin = "<!-- made by npm run doctor -- --write: begin -->";
const end = "<!-- made by npm run doctor -- --write: end -->";

const regionOf = ({ platform }: Site, region?: string): string => region ?? platform.region;

/** Arguments after `aws` of a row's command; absent where a person settles it. */
export function commandOf({ settle }: Doubt, site: Site): readonly string[] | undefined {
  if ("steps" in settle) return undefined;
  return [...settle.aws(site), "--region", regionOf(site, settle.region), "--output", "json"];
}

/** The table of doubts as Markdown, with words in capitals in place of an account's values. */
export function doubtTable(doubts: readonly Doubt[]): string {
  const rows = doubts.map((doubt) => {
    const command = commandOf(doubt, anySite);
    const settle = "steps" in doubt.settle ? doubt.settle.steps : `\`${typed(command ?? [])}\``;
    const answer = doubt.answer ? `${doubt.answer.on}: ${doubt.answer.found}` : "none yet";
    return [
      `\`${doubt.id}\``,
      `${doubt.doubt} ${doubt.matters}`,
      doubt.stage,
      settle,
      doubt.pass,
      `\`${doubt.stated}\``,
      answer,
    ];
  });
  const head = [
    "row",
    "what is not known, and what fails without it",
    "when",
    "how to settle it",
    "it holds when",
    "relies on it",
    "answer",
  ];
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}

/**
 * A page with the table between its markers.
 * @throws Error when the page lacks the markers
 */
export function withDoubts(page: string, doubts: readonly Doubt[]): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/first-deployment.md lacks the markers ${begin} and ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${doubtTable(doubts)}\n\n${page.slice(to)}`;
}
