const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const DAY = 86_400_000;
/** Every weekday falls on every date within 28 years. */
const [FIRST, LAST] = [Date.UTC(2000, 0, 1), Date.UTC(2028, 0, 1)];

/**
 * The most days between two runs of a schedule in EventBridge's form, `rate(…)` or `cron(…)`;
 * Infinity when it is not understood or ends. Days are counted, not hours.
 */
export function mostDaysBetween(schedule: string): number {
  const [, amount, unit = ""] = /^rate\((\d+)\s+(minute|hour|day)s?\)$/.exec(schedule.trim()) ?? [];
  if (amount !== undefined) return Number(amount) / (unit === "minute" ? 1440 : unit === "hour" ? 24 : 1);
  const [, fields = ""] = /^cron\(([^)]+)\)$/.exec(schedule.trim()) ?? [];
  const [, , day, month, weekday, year, ...more] = fields.trim().toUpperCase().split(/\s+/);
  if (day === undefined || month === undefined || weekday === undefined || year !== "*" || more.length > 0)
    return Infinity;
  const months = listed(month, 1, 12, MONTHS);
  const isDay = ["*", "?"].includes(day) ? byWeekday(weekday) : byDay(day);
  if (months === undefined || isDay === undefined) return Infinity;
  let [previous, most] = [undefined as number | undefined, -1];
  for (let time = FIRST; time < LAST; time += DAY) {
    const date = new Date(time);
    if (!months.has(date.getUTCMonth() + 1) || !isDay(date)) continue;
    if (previous !== undefined) most = Math.max(most, (time - previous) / DAY);
    previous = time;
  }
  return most < 0 ? Infinity : most;
}

type IsDay = (date: Date) => boolean;

function daysIn(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** Days of the month: numbers, `L` for the last, `L-3` before it, `15W` for the working day nearest. */
function byDay(field: string): IsDay | undefined {
  const [, fromEnd] = /^L(?:-(\d+))?$/.exec(field) ?? (field === "LW" ? ["LW", "0"] : []);
  if (field === "L" || fromEnd !== undefined)
    return (date) => date.getUTCDate() === daysIn(date) - Number(fromEnd ?? 0);
  const [, working] = /^(\d+)W$/.exec(field) ?? [];
  // A working day lies two days from the date at most; the months' gaps stay the same to that.
  const days = listed(working ?? field, 1, 31, []);
  return days && ((date) => days.has(date.getUTCDate()));
}

/** Days of the week: 1 is Sunday; `6L` the month's last Friday, `2#1` its first Monday. */
function byWeekday(field: string): IsDay | undefined {
  if (field === "*" || field === "?") return () => true;
  const [, name = "", nth] = /^(\w+)(?:#(\d)|L)$/.exec(field) ?? [];
  const weekdays = listed(name === "" ? field : name, 1, 7, WEEKDAYS);
  if (weekdays === undefined) return undefined;
  return (date) => {
    if (!weekdays.has(date.getUTCDay() + 1)) return false;
    if (name === "") return true;
    return nth === undefined ? date.getUTCDate() > daysIn(date) - 7 : Math.ceil(date.getUTCDate() / 7) === Number(nth);
  };
}

/** The numbers of a field's list: names, ranges, which may pass the end, and steps. */
function listed(field: string, least: number, most: number, names: readonly string[]): Set<number> | undefined {
  const numbers = new Set<number>();
  for (const part of field.split(",")) {
    const [, range = "", from = "", to, step] = /^(\*|\?|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    const number = (text: string): number => (names.includes(text) ? names.indexOf(text) + least : Number(text));
    const isAll = range === "*" || range === "?";
    const first = isAll ? least : number(from);
    const last = isAll || (to === undefined && step !== undefined) ? most : number(to ?? from);
    const by = Number(step ?? 1);
    if (range === "" || by < 1 || ![first, last].every((value) => value >= least && value <= most)) return undefined;
    const length = last < first ? last - first + most - least + 1 : last - first;
    for (let offset = 0; offset <= length; offset += by)
      numbers.add(((first - least + offset) % (most - least + 1)) + least);
  }
  return numbers;
}
