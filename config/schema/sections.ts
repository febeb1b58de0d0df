import { z } from "zod";
import { gatewayExtras, logRetentionDays, type ModelTier } from "../terms";
import { kind, list, mapping, oneOf, text, whole } from "./kinds";
import { setting } from "./setting";
import { imageSources, type ImageSource } from "../image-sources";
import { workspaceFiles, type WorkspaceFileSource } from "../workspace-files";

const range = text("a private range of /16 to /24, such as 10.64.0.0/16", /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/);

/** A network of the stack's own. */
export const network = mapping({
  cidr: setting(range, {
    meaning: "The network's addresses. They overlap with no other stack's and are enough for the people declared.",
    example: "10.64.0.0/16",
    concern: "networks",
  }),
  zones: setting(kind(z.union([z.literal(2), z.literal(3)]), "2 or 3"), {
    meaning:
      "Availability zones, which share cidr when the network is made. Three survive more and cost an endpoint each more. A zone that is added later takes addedCidr.",
    example: 2,
    default: 2,
  }),
  addedCidr: setting(range, {
    meaning:
      "Addresses of a third zone that is added to a network made with two. The two keep cidr between them, and homes stay in them: nobody moves.",
    example: "10.65.0.0/17",
    absent: "all zones share cidr",
    concern: "networks",
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
  extras: setting(
    list(
      `a list of ${gatewayExtras.join(", ")}`,
      setting(oneOf(gatewayExtras), { meaning: "A further route.", example: "messages" }),
      0,
      gatewayExtras.length,
    ),
    {
      meaning:
        "Further routes for developers' tools. messages: POST /v1/messages, Anthropic's shape, for Claude Code and Anthropic's SDKs, with the same keys, models, budgets and guardrails. embeddings: POST /v1/embeddings, the model `embedding` for code search, which every developer's key may then call, within the same budgets and limits; it also replaces every workspace's machine and keeps the homes. A change rolls the gateway.",
      example: ["messages"],
      default: [],
      words: "none",
    },
  ),
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
const zeros = `sha256:${"0".repeat(64)}`;
const digest = ({ product, tag, example, least }: ImageSource) =>
  setting(
    text(
      "sha256: and 64 hexadecimal digits, or a version's tag, @ and that",
      new RegExp(`^(?:${tag.source.replace(/^\^|\$$/g, "").replaceAll("(\\d", "(?:\\d")}@)?sha256:[0-9a-f]{64}$`),
    ),
    {
      meaning:
        `Image of ${product} that is mirrored and run, ${least.version.join(".")} or later: ${least.because}. ` +
        "The digest is that of the manifest for linux/arm64, or of an index, which is mirrored whole.",
      example: `${example}@sha256:9f86d0…`,
      default: zeros,
      words: sample,
    },
  );
const checksum = ({ product, version }: WorkspaceFileSource) =>
  setting(text("sha256: and 64 hexadecimal digits", /^sha256:[0-9a-f]{64}$/), {
    meaning: `SHA-256 of ${product} ${version}, which workspaces install; docs/first-deployment.md has the command that prints it.`,
    example: "sha256:9f86d0…",
    default: zeros,
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
  gateway: digest(imageSources.gateway),
  langfuse: digest(imageSources.langfuse),
  langfuseWorker: digest(imageSources.langfuseWorker),
  clickHouse: digest(imageSources.clickHouse),
  collector: digest(imageSources.collector),
  proxy: digest(imageSources.proxy),
  codeServer: checksum(workspaceFiles.codeServer),
  clineExtension: checksum(workspaceFiles.clineExtension),
  clineCommandLine: checksum(workspaceFiles.clineCommandLine),
});
export const imagesWords = {
  meaning: "What runs, pinned. Values of zeros are samples: a preview says so and a real `up` refuses them.",
  example: { workspaceAmi: "ami-0123456789abcdef0" },
} as const;
