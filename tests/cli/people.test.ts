import assert from "node:assert/strict";
import { loadStackFiles } from "../../config";
import { terminalWidth } from "../../cli/output";
import { peopleReport } from "../../cli/people";
import { paint, renderPeople } from "../../reports";
import { fixtureStacks } from "../support/project";

const known = loadStackFiles(fixtureStacks());
const names = (report: ReturnType<typeof peopleReport>) => ({
  platforms: report.platforms.map(({ name }) => name),
  departments: report.departments.map(({ name }) => name),
});

describe("cli: people", () => {
  it("are those of the chosen stacks; a platform's sum is over every department that shares from it", () => {
    assert.deepEqual(names(peopleReport(known, known)), {
      platforms: ["platform"],
      departments: ["data-science", "engineering"],
    });
    const [platform] = known.filter(({ department }) => department === undefined);
    const alone = peopleReport(known, [platform!]);
    assert.deepEqual(names(alone), { platforms: ["platform"], departments: [] });
    const departments = known.flatMap(({ department }) => department ?? []);
    const extra = departments.flatMap(({ extraBudgets }) => extraBudgets.map(({ amountUsd }) => amountUsd));
    assert.ok(extra.length > 0);
    const sum = [...departments.map(({ monthlyBudgetUsd }) => monthlyBudgetUsd), ...extra].reduce((a, b) => a + b, 0);
    assert.equal(alone.platforms[0]?.givenUsd, sum);
  });

  it("stand with what each of them may use, and what a person does not share with all others in a table", () => {
    const text = renderPeople(peopleReport(known, known), paint(false), 80);
    assert.match(
      text,
      /^platform\n {2}\$[\d,]+ of \$8,000 a month given to departments\n {2}operators mori; auditors abe\n/,
    );
    for (const { department } of known)
      for (const { id, monthlyBudgetUsd } of department?.developers ?? [])
        assert.match(text, new RegExp(`^ {2}${id} +\\$${monthlyBudgetUsd}\\b`, "m"));
    for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
  });

  it("have a terminal's columns, and 80 where it reports none", () => {
    const widths = [
      { isTTY: true, columns: 120 },
      { isTTY: true, columns: 0 },
      { isTTY: false, columns: 120 },
    ].map((stream) => terminalWidth(stream));
    assert.deepEqual(widths, [120, 80, 80]);
  });
});
