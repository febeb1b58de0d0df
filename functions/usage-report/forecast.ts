/** What is known of one budget's month at the time of a report. */
export interface ForecastInput {
  /** Spend of whole days before today, oldest first, in US dollars, with their date (ISO, UTC). Earlier months may be among them. */
  readonly history: readonly DailySpend[];
  /** Spend of the unfinished day. */
  readonly todayUsd: number;
  /** ISO date of the unfinished day. */
  readonly today: string;
  /** Absent: no budget, so nothing runs out. */
  readonly budgetUsd?: number;
}

export interface DailySpend {
  readonly date: string;
  readonly spendUsd: number;
}

/** Where the month is heading. */
export interface Forecast {
  /** This month until now. */
  readonly spentUsd: number;
  /** Expected at the month's end, with the ends of an 80 % prediction interval. */
  readonly projectedUsd: number;
  readonly lowUsd: number;
  readonly highUsd: number;
  /** ISO date on which the budget runs out, if it is expected to within this month. */
  readonly exhaustedOn?: string;
}

/** Days that the expectation is drawn from: four weeks, so that each weekday counts alike. */
const windowDays = 28;
/** 90th percentile of the standard normal distribution: both tails leave 20 %. */
const z80 = 1.2816;
const dayMs = 86_400_000;

const utc = (date: string) => new Date(`${date}T00:00:00Z`);
const iso = (date: Date) => date.toISOString().slice(0, 10);
const isWeekend = (date: Date) => date.getUTCDay() === 0 || date.getUTCDay() === 6;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

interface Rate {
  readonly mean: number;
  readonly variance: number;
  readonly days: number;
}

function rateOf(values: readonly number[]): Rate | undefined {
  if (values.length === 0) return undefined;
  const mean = sum(values) / values.length;
  // With one day nothing is known of the spread: take the day's own size.
  const variance =
    values.length === 1 ? mean ** 2 : sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1);
  return { mean, variance, days: values.length };
}

/** Rates of working days and of weekends; where one kind was not seen yet, all days together. */
function rates(input: ForecastInput): { readonly weekday: Rate; readonly weekend: Rate } {
  const since = iso(new Date(utc(input.today).getTime() - windowDays * dayMs));
  const recent = input.history.filter(({ date }) => date >= since && date < input.today);
  const of = (days: readonly DailySpend[]) => rateOf(days.map(({ spendUsd }) => spendUsd));
  const all = of(recent) ?? { mean: 0, variance: 0, days: 1 };
  return {
    weekday: of(recent.filter(({ date }) => !isWeekend(utc(date)))) ?? all,
    weekend: of(recent.filter(({ date }) => isWeekend(utc(date)))) ?? all,
  };
}

/** Today and the days until the month's end. */
function remainingDays(today: string): readonly Date[] {
  const first = utc(today);
  const days: Date[] = [];
  for (let day = first; day.getUTCMonth() === first.getUTCMonth(); day = new Date(day.getTime() + dayMs))
    days.push(day);
  return days;
}

/**
 * Forecasts one budget's month from its last four weeks, working days and weekends apart.
 * Today counts with its spend or with the expectation for such a day, whichever is more.
 * The interval covers both the spread of days and the uncertainty of the mean, so it is wide with
 * few data.
 */
export function forecastMonth(input: ForecastInput): Forecast {
  const month = input.today.slice(0, 7);
  const before = sum(
    input.history.filter((d) => d.date.startsWith(month) && d.date < input.today).map((d) => d.spendUsd),
  );
  const spentUsd = before + input.todayUsd;
  const { weekday, weekend } = rates(input);
  const days = remainingDays(input.today);

  let projectedUsd = before;
  let exhaustedOn: string | undefined;
  const { budgetUsd } = input;
  for (const [index, day] of days.entries()) {
    const expected = (isWeekend(day) ? weekend : weekday).mean;
    projectedUsd += index === 0 ? Math.max(expected, input.todayUsd) : expected;
    if (budgetUsd !== undefined && exhaustedOn === undefined && projectedUsd >= budgetUsd) exhaustedOn = iso(day);
  }

  const weekendDays = days.filter(isWeekend).length;
  const spread = (rate: Rate, count: number) => rate.variance * (count + count ** 2 / rate.days);
  const margin = z80 * Math.sqrt(spread(weekday, days.length - weekendDays) + spread(weekend, weekendDays));
  return {
    spentUsd,
    projectedUsd,
    lowUsd: Math.max(spentUsd, projectedUsd - margin),
    highUsd: projectedUsd + margin,
    ...(exhaustedOn !== undefined && { exhaustedOn }),
  };
}
