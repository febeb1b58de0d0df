import assert from "node:assert/strict";
import { spendChart } from "../../../functions/usage-report/chart";
import type { UsageRow } from "../../../functions/usage-report/usage";

const spend = (date: string, spendUsd: number): UsageRow => ({
  date,
  department: "engineering",
  developer: "tanaka",
  model: "light",
  spendUsd,
  requests: 1,
  failedRequests: 0,
  inputTokens: 1,
  outputTokens: 1,
  cacheReadTokens: 0,
});

/** Place and size of each bar, in order. */
const bars = (svg: string) =>
  [...svg.matchAll(/<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"><title>([^<]*)</g)].map(
    ([, x, y, width, height, title]) => ({
      x: Number(x),
      y: Number(y),
      width: Number(width),
      height: Number(height),
      title,
    }),
  );

describe("the chart of spend per day", () => {
  it("has a bar for each day until today, as high as its spend, side by side on one base line", () => {
    const rows = [spend("2026-11-01", 5), spend("2026-11-03", 20), spend("2026-11-03", 20), spend("2026-11-04", 10)];
    const svg = spendChart(rows, "2026-11-05");
    const drawn = bars(svg);
    assert.deepEqual(
      drawn.map(({ height, title }) => [height, title]),
      [
        [12, "1: $5.00"],
        [0, "2: $0.00"],
        [100, "3: $40"],
        [25, "4: $10"],
        [0, "5: $0.00"],
      ],
    );
    const width = Number(/viewBox="0 0 (\d+) 100"/.exec(svg)?.[1]);
    drawn.forEach(({ x, y, height, width: own }, index) => {
      assert.equal(y + height, 100);
      assert.ok(x >= (index === 0 ? 0 : drawn[index - 1]!.x + drawn[index - 1]!.width + 1) && x + own <= width);
    });
    assert.match(svg, /aria-label="Spend per day, at most \$40"/);
  });

  it("is drawn for a month without use", () => {
    assert.deepEqual(
      bars(spendChart([], "2026-11-02")).map(({ height }) => height),
      [0, 0],
    );
  });
});
