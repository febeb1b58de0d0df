import type { Difference } from "./differences";

/** Differences of one property of one type in one stack. */
export interface Row extends Difference {
  readonly count: number;
}

const WIDTH = 160;
const brief = (text: string): string => (text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text);

/** Counts equal differences. Unless `every`, different values of one property share a row that shows the first. */
export function rowsOf(differences: readonly Difference[], every: boolean): Row[] {
  const groups = new Map<string, Difference[]>();
  for (const each of differences) {
    const key = [each.stack, each.type, each.property, ...(every ? [each.before, each.after] : [])].join("\n");
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0] as Difference;
    const others = new Set(group.map(({ before, after }) => `${before}\n${after}`)).size - 1;
    const after = others > 0 ? `${brief(first.after)} (and ${others} other values)` : brief(first.after);
    return { ...first, before: brief(first.before), after, count: group.length };
  });
}

/** The rows as a Markdown table. */
export function renderTable(rows: readonly Row[]): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [
    line(["stack", "type", "property", "before", "after", "count"]),
    "|---|---|---|---|---|---:|",
    ...rows.map(({ stack, type, property, before, after, count }) =>
      line([stack, type, property, before, after, String(count)]),
    ),
  ].join("\n");
}
