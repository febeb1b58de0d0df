import { z } from "zod";
import { logRetentionDays, type ModelTier } from "../terms";
import { kind, mapping, text, whole } from "./kinds";
import { setting } from "./setting";

/** A network of the stack's own. */
export const network = mapping({
  cidr: setting(text("a private range of /16 to /24, such as 10.64.0.0/16", /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/), {
    meaning: "The network's addresses. They overlap with no other stack's and are enough for the people declared.",
    example: "10.64.0.0/16",
    concern: "networks",
  }),
  zones: setting(kind(z.union([z.literal(2), z.literal(3)]), "2 or 3"), {
    meaning: "Availability zones. Three survive more and cost an endpoint each more.",
    example: 2,
    default: 2,
  }),
});
export const networkWords = {
  meaning: "A network of the stack's own. A change of it replaces the network and everything in it.",
  example: { cidr: "10.64.0.0/16", zones: 2 },
  concern: "networks",
} as const;

const places = (tier: ModelTier, places: number) =>
  setting(whole("requests", 1, 10_000), {
    meaning: `Requests to ${tier} in flight over all tasks; fewer while Bedrock throttles.`,
    example: places,
    default: places,
  });

const queue = mapping({
  waitSeconds: setting(whole("seconds", 1, 600), {
    meaning: "Seconds that a request waits for a place before it is answered 429.",
    example: 30,
    default: 60,
  }),
  outageSeconds: setting(whole("seconds", 0, 600), {
    meaning: "Seconds for which requests go on unqueued when Valkey does not answer; after that they are answered 503.",
    example: 120,
    default: 60,
  }),
  places: setting(
    mapping({ light: places("light", 100), standard: places("standard", 60), strong: places("strong", 30) }),
    {
      meaning: "Requests in flight by tier; others wait by priority.",
      example: { strong: 60 },
      default: {},
      words: "each tier's own",
    },
  ),
});

/** A LiteLLM gateway of the stack's own. */
export const gateway = mapping({
  minTasks: setting(whole("tasks", 2, 50), {
    meaning: "Tasks that always run; two survive the loss of a zone.",
    example: 2,
    default: 2,
  }),
  maxTasks: setting(whole("tasks", 2, 50), {
    meaning: "Most tasks under load.",
    example: 8,
    default: ({ minTasks = 0 }: { readonly minTasks?: number }) => Math.max(8, minTasks),
    words: "8, or minTasks if that is more",
  }),
  queue: setting(queue, {
    meaning: "How requests wait when a tier is busy. A change rolls the gateway.",
    example: { waitSeconds: 30, places: { strong: 60 } },
    default: {},
    words: "each setting's own",
  }),
});
export const gatewayWords = {
  meaning: "A LiteLLM gateway of the stack's own.",
  example: { minTasks: 2, maxTasks: 8 },
} as const;

/** Langfuse, trail and alarms of the stack's own. */
export const observability = mapping({
  logRetentionDays: setting(
    kind(z.literal(logRetentionDays), `a number of days that CloudWatch Logs knows: ${logRetentionDays.join(", ")}`),
    { meaning: "Days for which logs are kept.", example: 365, default: 365 },
  ),
  clickHouseUrl: setting(
    text("an https:// URL without user, password, query or fragment", /^https:\/\/[a-z0-9.-]+(:\d{2,5})?\/?$/),
    {
      meaning: "An existing ClickHouse, reached by HTTPS inside the network. Without it one host is made.",
      example: "https://clickhouse.example.com:8443",
      absent: "a host is made",
    },
  ),
});
export const observabilityWords = {
  meaning: "Langfuse, trail and alarms of the stack's own.",
  example: { logRetentionDays: 365 },
} as const;

const sample = "a sample, which `up` refuses";
const digest = (what: string) =>
  setting(text("sha256: and 64 hexadecimal digits", /^sha256:[0-9a-f]{64}$/), {
    meaning: `Digest of the ${what} image that is mirrored and run.`,
    example: "sha256:9f86d0…",
    default: `sha256:${"0".repeat(64)}`,
    words: sample,
  });

/** Pinned images. */
export const images = mapping({
  workspaceAmi: setting(text("an AMI id, ami- and 8 or 17 hexadecimal digits", /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/), {
    meaning:
      "Image of the workspaces: Amazon Linux 2023 for arm64. A change replaces every workspace and keeps the homes.",
    example: "ami-0123456789abcdef0",
    default: `ami-${"0".repeat(17)}`,
    words: sample,
  }),
  gateway: digest("LiteLLM"),
  langfuse: digest("Langfuse web"),
  langfuseWorker: digest("Langfuse worker"),
  clickHouse: digest("ClickHouse"),
  collector: digest("OpenTelemetry Collector (v0.149 or later)"),
});
export const imagesWords = {
  meaning: "What runs, pinned. Values of zeros are samples: a preview says so and a real `up` refuses them.",
  example: { workspaceAmi: "ami-0123456789abcdef0" },
} as const;
