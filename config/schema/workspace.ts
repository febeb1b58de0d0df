import { workspaceSizes } from "../model";
import { list, object, oneOf, text, whole } from "./keys";

const time = (meaning: string, example: string) =>
  text({ meaning, allowed: '"HH:MM" in quotation marks, 00:00 to 23:59', example }, /^([01]\d|2[0-3]):[0-5]\d$/);

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const schedule = object(
  {
    meaning:
      "Working time, in the platform's time zone. The workspace starts and stops by it; idle time still stops it earlier.",
    example: { start: "08:00", stop: "20:00" },
    default: "no schedule: started by its owner, stopped when idle",
  },
  {
    start: time("When the workspace starts.", "08:00"),
    stop: time("When it stops; later than start.", "20:00"),
    days: list(
      {
        meaning: "On which days.",
        allowed: `a list of ${weekdays.join(", ")}`,
        example: ["mon", "tue"],
        default: "mon to fri",
      },
      oneOf({ meaning: "A day.", example: "mon" }, weekdays),
      1,
      7,
    ).exactOptional(),
  },
);

export const workspace = (whose: string, fallback: string) =>
  object(
    { meaning: `The machine of ${whose}.`, example: { size: "large" }, default: fallback },
    {
      size: oneOf(
        {
          meaning:
            "vCPU and memory: small 2 with 4 GiB, medium 2 with 8, large 4 with 16, xlarge 8 with 32. A change stops the workspace for a minute and keeps its home.",
          example: "large",
          default: "medium",
        },
        workspaceSizes,
      ).exactOptional(),
      schedule: schedule.exactOptional(),
      idleMinutes: whole(
        {
          meaning: "Minutes without a session or activity after which the workspace stops, and stops costing.",
          example: 120,
          default: "60",
        },
        "minutes",
        15,
        720,
      ).exactOptional(),
      homeGiB: whole(
        { meaning: "Size of the home volume in GiB. It can grow and never shrink.", example: 100, default: "50" },
        "GiB",
        20,
        1000,
      ).exactOptional(),
      sources: list(
        {
          meaning:
            "Where source code may come from: PrivateLink services, or CodeCommit. Nothing else is reachable from the workspace.",
          allowed: 'a list of "codecommit" and PrivateLink service names, 5 at most',
          example: ["codecommit"],
          default: "none",
        },
        text(
          {
            meaning: "A source.",
            allowed: '"codecommit" or a name like com.amazonaws.vpce.ap-northeast-1.vpce-svc-0123456789abcdef0',
            example: "codecommit",
          },
          /^(codecommit|com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]{8,17})$/,
        ),
        0,
        5,
      ).exactOptional(),
    },
  );
