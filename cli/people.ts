import { loadStacks, type StackSpec } from "../config";
import { paint, renderPeople, type PeopleReport } from "../reports";
import { departmentReport } from "./department-report";
import { chosenStacks } from "./chosen";
import { terminalWidth } from "./output";
import { written } from "./streams";
import { exit, parseFlags } from "./usage";

export const summary = "who may use what: people, shares, caps and budgets of the stack files";

export const help = `npm run people [-- STACK… OPTIONS]

${summary}. Runs no program and asks no account. Without a STACK: all
of stacks/.

  --json               the same as JSON
  --no-color           never colour; NO_COLOR=1 says the same
Exit codes: 0 printed, 2 a fault in a stack file or the call.
`;

const flags = { json: { type: "boolean" }, "no-color": { type: "boolean" } } as const;

/** Prints people and sums. Resolves with the exit code. */
export async function run(args: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseFlags(args, flags, help);
  const known = loadStacks(root);
  const report = peopleReport(known, chosenStacks(known, positionals));
  const colour = process.stdout.isTTY && values["no-color"] !== true && !process.env["NO_COLOR"];
  const width = terminalWidth(process.stdout);
  await written(
    values.json === true ? `${JSON.stringify(report, null, 2)}\n` : renderPeople(report, paint(colour), width),
  );
  return exit.ok;
}

/** The chosen stacks; a platform's sum is over all departments that share from it. Pure. */
export function peopleReport(known: readonly StackSpec[], chosen: readonly StackSpec[]): PeopleReport {
  const given = (platform: string): number =>
    known
      .filter(({ department, platform: own }) => department !== undefined && own.stack === platform)
      .flatMap(({ department }) => department ?? [])
      .flatMap(({ monthlyBudgetUsd, extraBudgets }) => [monthlyBudgetUsd, ...extraBudgets.map((e) => e.amountUsd)])
      .reduce((sum, usd) => sum + usd, 0);
  return {
    platforms: chosen
      .filter(({ department }) => department === undefined)
      .map(({ stack, platform: { monthlyBudgetUsd, operators, auditors } }) => ({
        name: stack,
        budgetUsd: monthlyBudgetUsd,
        givenUsd: given(stack),
        operators,
        auditors,
      })),
    departments: chosen.flatMap(({ department }) =>
      department ? [{ name: department.name, ...departmentReport(department) }] : [],
    ),
  };
}
