import { weekdays, workspaceSizes } from "../terms";
import { list, mapping, oneOf, text, whole } from "./kinds";
import { type Level, setting } from "./setting";

const time = text('"HH:MM" in quotation marks, 00:00 to 23:59', /^([01]\d|2[0-3]):[0-5]\d$/);

const schedule = mapping({
  start: setting(time, { meaning: "When the workspace starts.", example: "08:00" }),
  stop: setting(time, { meaning: "When it stops; later than start.", example: "20:00" }),
  days: setting(
    list(
      `a list of ${weekdays.join(", ")}`,
      setting(oneOf(weekdays), { meaning: "A day.", example: "mon" }),
      1,
      weekdays.length,
    ),
    {
      meaning: "On which days.",
      example: ["mon", "tue"],
      default: ["mon", "tue", "wed", "thu", "fri"],
    },
  ),
});

/** A PrivateLink service of another account. */
export const privateLinkService = text(
  "a name like com.amazonaws.vpce.ap-northeast-1.vpce-svc-0123456789abcdef0",
  /^com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]{8,17}$/,
);

const source = text(
  '"codecommit" or a name like com.amazonaws.vpce.ap-northeast-1.vpce-svc-0123456789abcdef0',
  /^(codecommit|com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]{8,17})$/,
);

/** A developer's machine; `inherits` is the level whose settings precede the defaults. */
export const workspace = (inherits?: Level) =>
  mapping({
    size: setting(oneOf(workspaceSizes), {
      meaning:
        "vCPU and memory: small 2 with 4 GiB, medium 2 with 8, large 4 with 16, xlarge 8 with 32. A change stops the workspace for a minute and keeps its home.",
      example: "large",
      default: "medium",
      inherits,
    }),
    schedule: setting(schedule, {
      meaning:
        "Working time, in the platform's time zone. The workspace starts and stops by it; idle time still stops it earlier.",
      example: { start: "08:00", stop: "20:00" },
      absent: "no schedule: started by its owner, stopped when idle",
      inherits,
    }),
    idleMinutes: setting(whole("minutes", 15, 720), {
      meaning: "Minutes without a session or activity after which the workspace stops, and stops costing.",
      example: 120,
      default: 60,
      inherits,
    }),
    homeGiB: setting(whole("GiB", 20, 1000), {
      meaning: "Size of the home volume in GiB. It can grow and never shrink.",
      example: 100,
      default: 50,
      inherits,
    }),
    sources: setting(
      list(
        'a list of "codecommit" and PrivateLink service names, 5 at most',
        setting(source, { meaning: "A source.", example: "codecommit" }),
        0,
        5,
      ),
      {
        meaning:
          "Where source code may come from: PrivateLink services, or CodeCommit. Nothing else is reachable from the workspace. The stack with the network makes the endpoints: its `up` comes first.",
        example: ["codecommit"],
        default: [],
        inherits,
        concern: "networks",
      },
    ),
  });
