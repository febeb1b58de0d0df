import { z } from "zod";
import { key, object, text, whole } from "./keys";

export const network = object(
  {
    meaning: "A network of the stack's own. A change of it replaces the network and everything in it.",
    example: { cidr: "10.64.0.0/16", zones: 2 },
    default: "on a department: the platform's",
  },
  {
    cidr: text(
      {
        meaning: "The network's addresses. They overlap with no other stack's and are enough for the people declared.",
        allowed: "a private range of /16 to /24, such as 10.64.0.0/16",
        example: "10.64.0.0/16",
      },
      /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/,
    ),
    zones: key(z.union([z.literal(2), z.literal(3)]), {
      meaning: "Availability zones. Three survive more and cost an endpoint each more.",
      allowed: "2 or 3",
      example: 2,
      default: "2",
    }).exactOptional(),
  },
);

export const gateway = object(
  {
    meaning: "A LiteLLM gateway of the stack's own.",
    example: { minTasks: 2, maxTasks: 8 },
    default: "on a department: the platform's",
  },
  {
    minTasks: whole(
      { meaning: "Tasks that always run; two survive the loss of a zone.", example: 2, default: "2" },
      "tasks",
      2,
      50,
    ).exactOptional(),
    maxTasks: whole(
      { meaning: "Most tasks under load.", example: 8, default: "8, or minTasks if that is more" },
      "tasks",
      2,
      50,
    ).exactOptional(),
  },
);

/** Days that CloudWatch Logs accepts, from one year on: audits look back a year at least. */
export const logRetentionDays = [365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] as const;

export const observability = object(
  {
    meaning: "Langfuse, trail and alarms of the stack's own.",
    example: { logRetentionDays: 365 },
    default: "on a department: the platform's",
  },
  {
    logRetentionDays: key(z.literal(logRetentionDays), {
      meaning: "Days for which logs are kept.",
      allowed: `a number of days that CloudWatch Logs knows: ${logRetentionDays.join(", ")}`,
      example: 365,
      default: "365",
    }).exactOptional(),
    clickHouseUrl: text(
      {
        meaning: "A ClickHouse of one's own, reached by HTTPS inside the network. Without it one host is made.",
        allowed: "an https:// URL without user, password, query or fragment",
        example: "https://clickhouse.example.com:8443",
        default: "a host is made",
      },
      /^https:\/\/[a-z0-9.-]+(:\d{2,5})?\/?$/,
    ).exactOptional(),
  },
);

const digest = (what: string) =>
  text(
    {
      meaning: `Digest of the ${what} image that is mirrored and run.`,
      allowed: "sha256: and 64 hexadecimal digits",
      example: "sha256:9f86d0…",
      default: "a sample, which `up` refuses",
    },
    /^sha256:[0-9a-f]{64}$/,
  ).exactOptional();

export const images = object(
  {
    meaning: "What runs, pinned. Values of zeros are samples: a preview says so and a real `up` refuses them.",
    example: { workspaceAmi: "ami-0123456789abcdef0" },
    default: "on a department: the platform's",
  },
  {
    workspaceAmi: text(
      {
        meaning:
          "Image of the workspaces: Amazon Linux 2023 for arm64. A change replaces every workspace and keeps the homes.",
        allowed: "an AMI id, ami- and 8 or 17 hexadecimal digits",
        example: "ami-0123456789abcdef0",
        default: "a sample, which `up` refuses",
      },
      /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/,
    ).exactOptional(),
    gateway: digest("LiteLLM"),
    langfuse: digest("Langfuse web"),
    langfuseWorker: digest("Langfuse worker"),
    clickHouse: digest("ClickHouse"),
    collector: digest("OpenTelemetry Collector"),
  },
);
