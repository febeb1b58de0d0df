import { scaleBand, scaleLinear } from "d3-scale";
import { escape, usd } from "./text";
import { dailySpend, type UsageRow } from "./usage";

/** Size of the plot in SVG units; a day's band is 18 wide. */
const height = 100;
const band = 18;

/** Spend per day of the month until `today`, as an SVG of bars. A table beside it says the same to a reader without pictures. */
export function spendChart(rows: readonly UsageRow[], today: string): string {
  const spends = dailySpend(rows);
  const days = Array.from({ length: Number(today.slice(8)) }, (_, index) => index + 1);
  const spendOf = (day: number) => spends.get(`${today.slice(0, 8)}${String(day).padStart(2, "0")}`) ?? 0;
  const most = Math.max(...days.map(spendOf), 0.01);
  const width = days.length * band;
  const x = scaleBand(days, [0, width]).paddingInner(0.2).paddingOuter(0.1).round(true);
  const y = scaleLinear().domain([0, most]).rangeRound([height, 0]);
  const bars = days.map((day) => {
    const top = y(spendOf(day));
    const place = `x="${String(x(day))}" y="${String(top)}" width="${String(x.bandwidth())}" height="${String(height - top)}"`;
    return `<rect ${place}><title>${String(day)}: ${escape(usd(spendOf(day)))}</title></rect>`;
  });
  const label = `Spend per day, at most ${escape(usd(most))}`;
  return `<svg viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="${label}">${bars.join("")}</svg>`;
}
