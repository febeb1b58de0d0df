/** One workspace as EC2, Session Manager and CloudWatch know it. */
export interface WorkspaceState {
  readonly instanceId: string;
  readonly running: boolean;
  readonly launchedAt: Date;
  /** Minutes without a session or work before it is stopped. */
  readonly idleMinutes: number;
  /** The `Schedule` tag: `08:00-20:00 mon tue wed thu fri`; absent: started by its owner only. */
  readonly schedule?: string;
  readonly sessionOpen: boolean;
  /** End of the last session of the past day. */
  readonly sessionEndedAt?: Date;
  /** Last time its processor was at work, with or without a session. */
  readonly busyAt?: Date;
}

export interface WorkspaceAction {
  readonly instanceId: string;
  readonly action: "start" | "stop";
  readonly reason: string;
}

const minute = 60_000;
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

interface Schedule {
  /** Minutes since midnight. */
  readonly start: number;
  readonly stop: number;
  readonly days: readonly string[];
}

/** @throws Error on a tag that this program did not write. */
export function parseSchedule(tag: string): Schedule {
  const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)((?: (?:sun|mon|tue|wed|thu|fri|sat))+)$/.exec(tag);
  if (!match) throw new Error(`Schedule tag: found "${tag}"; allowed e.g. "08:00-20:00 mon tue"`);
  const [startHour, startMinute, stopHour, stopMinute] = match.slice(1, 5).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return {
    start: startHour * 60 + startMinute,
    stop: stopHour * 60 + stopMinute,
    days: (match[5] ?? "").trim().split(" "),
  };
}

/** Weekday and minutes since midnight on the wall clocks of a time zone. */
export function localTime(now: Date, timeZone: string): { readonly day: string; readonly minutes: number } {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  return { day: (parts.weekday ?? "").toLowerCase(), minutes: Number(parts.hour) * 60 + Number(parts.minute) };
}

/**
 * Minutes since the schedule's window opened; undefined outside of it. A window whose stop is
 * before its start ends the next day.
 */
export function minutesIntoWindow(schedule: Schedule, local: { day: string; minutes: number }): number | undefined {
  const { start, stop, days } = schedule;
  const yesterday = weekdays[(weekdays.indexOf(local.day) + 6) % 7] ?? "";
  if (stop <= start && days.includes(yesterday) && local.minutes < stop) return local.minutes + 1440 - start;
  if (!days.includes(local.day) || local.minutes < start) return undefined;
  return stop <= start || local.minutes < stop ? local.minutes - start : undefined;
}

/**
 * Workspaces to start and stop now. An open session keeps a workspace running.
 * Without a session it is stopped after its idle time, or outside its schedule.
 * Only the first run inside the schedule's window starts it: a workspace that is stopped later that
 * day stays stopped.
 */
export function planActions(
  workspaces: readonly WorkspaceState[],
  clock: { readonly now: Date; readonly timeZone: string; readonly intervalMinutes: number },
): readonly WorkspaceAction[] {
  const local = localTime(clock.now, clock.timeZone);
  return workspaces.flatMap((workspace): WorkspaceAction[] => {
    const { instanceId, running, schedule, idleMinutes } = workspace;
    const into = schedule === undefined ? undefined : minutesIntoWindow(parseSchedule(schedule), local);
    if (!running) {
      return into !== undefined && into < clock.intervalMinutes
        ? [{ instanceId, action: "start", reason: "its working time begins" }]
        : [];
    }
    if (workspace.sessionOpen) return [];
    const lastUse = Math.max(
      workspace.launchedAt.getTime(),
      workspace.sessionEndedAt?.getTime() ?? 0,
      workspace.busyAt?.getTime() ?? 0,
    );
    const idle = Math.floor((clock.now.getTime() - lastUse) / minute);
    if (idle >= idleMinutes) return [{ instanceId, action: "stop", reason: `idle for ${String(idle)} minutes` }];
    // Someone who started it by hand outside the window gets the time to open a session.
    const grace = clock.now.getTime() - workspace.launchedAt.getTime() < 2 * clock.intervalMinutes * minute;
    return schedule !== undefined && into === undefined && !grace
      ? [{ instanceId, action: "stop", reason: "outside its working time, and no session is open" }]
      : [];
  });
}
