import { usd, whole } from "./amounts";
import type { DepartmentReport, PersonReport } from "./department";
import { visible } from "./names";
import type { Say } from "./paint";
import { wrap } from "./wrap";

type Column = readonly [heading: string, value: (person: PersonReport) => string];

/** Columns of a person; one whose value everybody shares is said once, above the table. */
const columns: readonly Column[] = [
  ["share", ({ shareUsd }) => (shareUsd === 0 ? "$0, blocked" : usd(shareUsd))],
  ["models", ({ models }) => models.join(" ")],
  ["tokens/min", ({ tpm }) => whole(tpm)],
  ["requests/min", ({ rpm }) => whole(rpm)],
  ["priority", ({ priority }) => priority],
  ["machine", ({ machine }) => machine],
  ["runs", ({ runs }) => runs],
];

/** Lines about a department: budget against cap, whether prompt text is kept, and its people. */
export function departmentLines(department: DepartmentReport, say: Say, width: number): readonly string[] {
  const { lead, budgetUsd, capUsd, keepsPromptText, people } = department;
  const kept = keepsPromptText ? "prompt text is kept" : "prompt text is not kept";
  const head = `led by ${visible(lead)}; ${usd(budgetUsd)} of a cap of ${usd(capUsd)} a month; ${kept}`;
  const [first] = people;
  if (first === undefined) return [...wrap(head, width, "  "), "  nobody develops here yet"];
  const same = columns.filter(([, value]) => people.every((person) => value(person) === value(first)));
  const own = columns.filter((column) => !same.includes(column));
  const shared = same.map(([heading, value]) => `${heading} ${value(first)}`).join("; ");
  return [
    ...wrap(head, width, "  "),
    ...(same.length === 0 ? [] : wrap(`everyone: ${shared}`, width, "  ", "    ")),
    ...table(people, own, say, width),
  ];
}

/** A row for each person, or sentences where a row is wider than the terminal. */
function table(people: readonly PersonReport[], own: readonly Column[], say: Say, width: number): readonly string[] {
  const rows = people.map((person) => [visible(person.id), ...own.map(([, value]) => value(person))]);
  const [titles = "", ...lines] = aligned([["person", ...own.map(([heading]) => heading)], ...rows]);
  if ([titles, ...lines].every((line) => line.length + 2 <= width))
    return [`  ${say("dim", titles)}`, ...lines.map((line) => `  ${line}`)];
  return people.flatMap((person) => {
    const values = own.map(([heading, value]) => `${heading} ${value(person)}`).join("; ");
    return wrap(`${visible(person.id)}: ${values}`, width, "  ", "    ");
  });
}

/** Rows with each column as wide as its widest cell; sums to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const isNumber = widths.map((_, at) => rows.slice(1).every((row) => /^\$?[\d,.]+$/.test(row[at] ?? "")));
  return rows.map((row) =>
    row
      .map((cell, at) => (isNumber[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
