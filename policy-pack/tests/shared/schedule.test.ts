import assert from "node:assert/strict";
import fc from "fast-check";
import { mostDaysBetween } from "../../src/shared/schedule";

describe("the most days between two runs", () => {
  const rows: readonly (readonly [schedule: string, days: number])[] = [
    ["rate(30 days)", 30],
    ["rate(1 day)", 1],
    ["rate(12 hours)", 0.5],
    ["rate(5 minutes)", 5 / 1440],
    ["cron(0 8 * * ? *)", 1],
    ["cron(0 8 1 * ? *)", 31],
    ["cron(0 8 1 1-12 ? *)", 31],
    ["cron(0 8 1 JAN-DEC ? *)", 31],
    ["cron(0 8 1 */2 ? *)", 62],
    ["cron(0 8 1 1/3 ? *)", 92],
    ["cron(0 8 1 1,2,3,4,5,6 ? *)", 214],
    ["cron(0 8 1 11-2 ? *)", 274],
    ["cron(0 8 ? * MON *)", 7],
    ["cron(0 8 ? * 2-6 *)", 3],
    ["cron(0 8 ? * FRI-SUN *)", 5],
    ["cron(0 8 ? * 2#1 *)", 35],
    ["cron(0 8 ? * 6L *)", 35],
    ["cron(0 8 L * ? *)", 31],
    ["cron(0 8 L-1 * ? *)", 31],
    ["cron(0 8 31 * ? *)", 61],
    ["cron(0 8 29 2 ? *)", 1461],
    ["cron(0 8 1 1 ? 2027)", Infinity],
    ["cron(0 8 31 2 ? *)", Infinity],
    ["cron(0 8 1 13 ? *)", Infinity],
    ["cron(0 8 1 * ?)", Infinity],
    ["every month", Infinity],
    ["", Infinity],
  ];
  for (const [schedule, days] of rows)
    it(`of ${schedule || "nothing"} are ${days}`, () => assert.equal(mostDaysBetween(schedule), days));

  it("never grow with one month more", () => {
    const months = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 11 });
    fc.assert(
      fc.property(months, fc.integer({ min: 1, max: 12 }), (some, more) => {
        const of = (all: number[]): number => mostDaysBetween(`cron(0 8 1 ${all.join(",")} ? *)`);
        assert.ok(of([...some, more]) <= of(some));
      }),
      { numRuns: 40 },
    );
  });
});
