import { stages, type Doubt } from "./doubt";
import type { Answered } from "./live";
import { typed } from "../typed";
import { commandOf } from "./page";
import { anySite } from "./site";

/** A row as plain data. */
export function doubtRow(doubt: Doubt) {
  const { settle, ...rest } = doubt;
  const command = commandOf(doubt, anySite);
  return { ...rest, ...("steps" in settle ? settle : { command: ["aws", ...(command ?? [])] }) };
}

/** A row with its answer as plain data. */
export const answerRow = ({ doubt, verdict, found }: Answered) => ({
  id: doubt.id,
  stage: doubt.stage,
  doubt: doubt.doubt,
  verdict,
  found,
});

/** A row as text. */
export function doubtText(doubt: Doubt): string {
  return [
    `${doubt.id} (${doubt.stage})`,
    `  ${doubt.doubt} ${doubt.matters}`,
    `  ${"steps" in doubt.settle ? doubt.settle.steps : typed(commandOf(doubt, anySite) ?? [])}`,
    `  holds when: ${doubt.pass}`,
    ...(doubt.answer ? [`  answered on ${doubt.answer.on}: ${doubt.answer.found}`] : []),
  ].join("\n");
}

/** By stage a line for each row, a second one where something is to do, and the counts. */
export function answerLines(answers: readonly Answered[]): string {
  const width = Math.max(...answers.map(({ doubt }) => doubt.id.length));
  const line = ({ doubt, verdict, found }: Answered): string[] => [
    `${verdict.padEnd(7)}  ${doubt.id.padEnd(width)}  ${found}`,
    ...(verdict === "fail" ? [`${" ".repeat(11 + width)}${doubt.matters} Needed: ${doubt.pass}.`] : []),
  ];
  const asked = stages.map((stage) => ({ stage, rows: answers.filter(({ doubt }) => doubt.stage === stage) }));
  const lines = asked.flatMap(({ stage, rows }) =>
    rows.length === 0 ? [] : [`${stage}:`, ...rows.flatMap(line).map((text) => `  ${text}`), ""],
  );
  const count = (verdict: Answered["verdict"]): number => answers.filter((each) => each.verdict === verdict).length;
  const counts = `${count("pass")} pass, ${count("fail")} fail, ${count("unknown")} unknown, ${count("person")} for a person`;
  return `${lines.join("\n")}\n${counts}\n`;
}
