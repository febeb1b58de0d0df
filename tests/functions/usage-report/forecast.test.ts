import assert from "node:assert/strict";
import fc from "fast-check";
import { forecastMonth, type DailySpend, type ForecastInput } from "../../../functions/usage-report/forecast";

const day = (date: string, shift: number) =>
  new Date(new Date(`${date}T00:00:00Z`).getTime() + shift * 86_400_000).toISOString().slice(0, 10);

/** A history of `spends` that ends the day before `today`. */
const ending = (today: string, spends: readonly number[]): DailySpend[] =>
  spends.map((spendUsd, index) => ({ date: day(today, index - spends.length), spendUsd }));

const dates = fc
  .date({ min: new Date("2026-01-01"), max: new Date("2028-12-31"), noInvalidDate: true })
  .map((d) => d.toISOString().slice(0, 10));
const money = fc.integer({ min: 0, max: 100_000 }).map((cents) => cents / 100);
const inputs: fc.Arbitrary<ForecastInput & { budgetUsd: number }> = fc
  .record({ today: dates, spends: fc.array(money, { maxLength: 62 }), todayUsd: money, budgetUsd: money })
  .map(({ today, spends, ...rest }) => ({ ...rest, today, history: ending(today, spends) }));

describe("forecastMonth", () => {
  it("stays between what is spent and the interval's ends, and every day lies inside the month", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { spentUsd, projectedUsd, lowUsd, highUsd, exhaustedOn } = forecastMonth(input);
        assert.ok(spentUsd <= lowUsd + 1e-9 && lowUsd <= projectedUsd + 1e-9 && projectedUsd <= highUsd + 1e-9);
        if (exhaustedOn !== undefined) {
          assert.equal(exhaustedOn.slice(0, 7), input.today.slice(0, 7));
          assert.ok(exhaustedOn >= input.today);
        }
      }),
    );
  });

  it("says that the budget runs out exactly when the projection reaches it", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { projectedUsd, exhaustedOn } = forecastMonth(input);
        assert.equal(exhaustedOn !== undefined, projectedUsd >= input.budgetUsd);
      }),
    );
  });

  it("scales with the money: cents or dollars make no difference", () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 2, max: 1000 }), (input, factor) => {
        const a = forecastMonth(input);
        const b = forecastMonth({
          ...input,
          todayUsd: input.todayUsd * factor,
          budgetUsd: input.budgetUsd * factor,
          history: input.history.map(({ date, spendUsd }) => ({ date, spendUsd: spendUsd * factor })),
        });
        for (const key of ["spentUsd", "projectedUsd", "lowUsd", "highUsd"] as const) {
          assert.ok(Math.abs(b[key] - a[key] * factor) <= 1e-6 * Math.max(1, b[key]), key);
        }
      }),
    );
  });

  it("a larger budget never runs out earlier", () => {
    fc.assert(
      fc.property(inputs, money, (input, more) => {
        const small = forecastMonth(input).exhaustedOn ?? "9999";
        const large = forecastMonth({ ...input, budgetUsd: input.budgetUsd + more }).exhaustedOn ?? "9999";
        assert.ok(large >= small);
      }),
    );
  });

  it("is exact for steady spend, with no doubt left", () => {
    const today = "2026-06-15";
    const history = ending(
      today,
      Array.from({ length: 45 }, () => 10),
    );
    const { spentUsd, projectedUsd, lowUsd, highUsd } = forecastMonth({ history, today, todayUsd: 0 });
    assert.equal(spentUsd, 140);
    assert.deepEqual([projectedUsd, lowUsd, highUsd], [300, 300, 300]);
  });

  it("tells working days from weekends", () => {
    const today = "2026-06-15";
    const history = ending(
      today,
      Array.from({ length: 28 }, () => 0),
    ).map(({ date }) => ({
      date,
      spendUsd: [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay()) ? 0 : 20,
    }));
    // From Monday the 15th to Tuesday the 30th there are 12 working days; 10 lie before.
    const forecast = forecastMonth({ history, today, todayUsd: 0, budgetUsd: 300 });
    assert.equal(forecast.projectedUsd, 440);
    assert.equal(forecast.exhaustedOn, "2026-06-19");
  });

  it("counts what today has already spent above its expectation, and nothing of other months as spent", () => {
    const forecast = forecastMonth({ history: ending("2026-06-30", []), today: "2026-06-30", todayUsd: 7 });
    assert.deepEqual([forecast.spentUsd, forecast.projectedUsd], [7, 7]);
    const first = forecastMonth({ history: ending("2026-07-01", [5, 5, 5]), today: "2026-07-01", todayUsd: 1 });
    assert.equal(first.spentUsd, 1);
    assert.equal(first.projectedUsd, 155);
  });

  it("covers what really happens about as often as it promises", () => {
    // A reproducible random walk of spend: the interval should hold the month's end in roughly 80 % of the cases.
    let seed = 42;
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    let inside = 0;
    const runs = 400;
    for (let run = 0; run < runs; run++) {
      const month = ending(
        "2026-07-01",
        Array.from({ length: 58 }, () => 10 + 20 * random()),
      );
      const today = "2026-06-11";
      const history = month.filter(({ date }) => date < today);
      const total = month.filter(({ date }) => date.startsWith("2026-06")).reduce((sum, d) => sum + d.spendUsd, 0);
      const { lowUsd, highUsd } = forecastMonth({ history, today, todayUsd: 0 });
      if (total >= lowUsd && total <= highUsd) inside++;
    }
    assert.ok(inside / runs > 0.72 && inside / runs < 0.95, String(inside / runs));
  });
});
