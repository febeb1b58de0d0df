import assert from "node:assert/strict";
import {
  localTime,
  minutesIntoWindow,
  parseSchedule,
  planActions,
  type WorkspaceState,
} from "../../../functions/idle-stop/plan";

const now = new Date("2026-06-10T03:05:00Z"); // Wednesday, 12:05 in Tokyo
const clock = { now, timeZone: "Asia/Tokyo", intervalMinutes: 10 };
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const workspace = (over: Partial<WorkspaceState>): WorkspaceState => ({
  instanceId: "i-1",
  running: true,
  launchedAt: ago(600),
  idleMinutes: 60,
  sessionOpen: false,
  ...over,
});
const actions = (over: Partial<WorkspaceState>, at = clock) =>
  planActions([workspace(over)], at).map(({ action }) => action);

describe("planActions", () => {
  it("stops what had neither session nor work for its idle time, and nothing earlier", () => {
    assert.deepEqual(actions({}), ["stop"]);
    assert.deepEqual(actions({ sessionOpen: true }), []);
    assert.deepEqual(actions({ sessionEndedAt: ago(59) }), []);
    assert.deepEqual(actions({ sessionEndedAt: ago(60) }), ["stop"]);
    assert.deepEqual(actions({ busyAt: ago(5), sessionEndedAt: ago(300) }), []);
    assert.deepEqual(actions({ launchedAt: ago(59) }), []);
  });

  it("starts at the beginning of the working time only, so that who stops it later in the day has it stopped", () => {
    const schedule = "12:00-20:00 mon tue wed thu fri";
    assert.deepEqual(actions({ running: false, schedule }), ["start"]);
    assert.deepEqual(actions({ running: false, schedule: "11:50-20:00 wed" }), []);
    assert.deepEqual(actions({ running: false, schedule: "12:00-20:00 thu" }), []);
    assert.deepEqual(actions({ running: false }), []);
  });

  it("stops outside the working time at once, but not under an open session nor right after a start by hand", () => {
    const schedule = "13:00-20:00 wed";
    assert.deepEqual(actions({ schedule, sessionEndedAt: ago(1) }), ["stop"]);
    assert.deepEqual(actions({ schedule, sessionOpen: true }), []);
    assert.deepEqual(actions({ schedule, launchedAt: ago(15) }), []);
    assert.deepEqual(actions({ schedule: "08:00-20:00 wed", sessionEndedAt: ago(1) }), []);
  });

  it("reads windows that end the next day", () => {
    const night = parseSchedule("22:00-06:00 tue");
    assert.equal(minutesIntoWindow(night, { day: "tue", minutes: 23 * 60 }), 60);
    assert.equal(minutesIntoWindow(night, { day: "wed", minutes: 60 }), 180);
    assert.equal(minutesIntoWindow(night, { day: "wed", minutes: 6 * 60 }), undefined);
    assert.equal(minutesIntoWindow(night, { day: "tue", minutes: 60 }), undefined);
  });

  it("follows the time zone's own clock, summer time included", () => {
    assert.deepEqual(localTime(new Date("2026-01-01T15:30:00Z"), "Asia/Tokyo"), { day: "fri", minutes: 30 });
    assert.deepEqual(localTime(new Date("2026-07-01T08:00:00Z"), "Europe/Berlin"), { day: "wed", minutes: 600 });
    assert.deepEqual(localTime(new Date("2026-01-01T08:00:00Z"), "Europe/Berlin"), { day: "thu", minutes: 540 });
  });

  it("refuses a schedule that it did not write", () => {
    assert.throws(() => parseSchedule("08:00-20:00"), /Schedule tag: found "08:00-20:00"/);
    assert.throws(() => parseSchedule("8-20 mon"), /allowed/);
  });
});
