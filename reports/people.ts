import { usd, whole } from "./amounts";
import type { DepartmentReport, PersonReport } from "./department";
import { count, visible } from "./names";
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
  const { lead, deputies, budgetUsd, capUsd, extraBudgets, keepsPromptText, people } = department;
  const head = [
    `led by ${[lead, ...deputies].map(visible).join(", ")}`,
    `${usd(budgetUsd)} of a cap of ${usd(capUsd)} a month`,
    ...extraBudgets.map((extra) => `${usd(extra.usd)} more until ${extra.until}`),
    keepsPromptText ? "prompt text is kept" : "prompt text is not kept",
  ].join("; ");
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

/** Departments and the sums over them, as {@link renderPeople} prints them. */
export interface PeopleReport {
  readonly platforms: readonly PlatformPeople[];
  readonly departments: readonly (DepartmentReport & { readonly name: string })[];
}

/** Who runs a platform, and what it may spend. */
export interface PlatformPeople {
  readonly name: string;
  /** US dollars a calendar month for models, of everyone together. */
  readonly budgetUsd: number;
  /** Sum of the departments' budgets and extra budgets. */
  readonly givenUsd: number;
  readonly operators: readonly string[];
  readonly auditors: readonly string[];
}

/** The people of the stack files for a terminal. @param width columns */
export function renderPeople({ platforms, departments }: PeopleReport, say: Say, width: number): string {
  const parts = [
    ...platforms.map(({ name, budgetUsd, givenUsd, operators, auditors }) => [
      say("bold", visible(name)),
      ...wrap(`${usd(givenUsd)} of ${usd(budgetUsd)} a month given to departments`, width, "  "),
      ...wrap(`operators ${named(operators)}; auditors ${named(auditors)}`, width, "  ", "    "),
    ]),
    ...departments.map(({ name, ...department }) => [
      `${say("bold", visible(name))}  ${count(department.people.length, "developer")}`,
      ...departmentLines(department, say, width),
    ]),
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

const named = (people: readonly string[]): string => (people.length === 0 ? "none" : people.map(visible).join(", "));
