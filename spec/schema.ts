import { z } from "zod";
import { defaultModels, modelNames } from "./catalogue";
import { mfaModes, modelTiers, priorities, residencies, workspaceSizes } from "./model";
import { key, list, money, object, oneOf, text, whole } from "./schema-keys";

/** A person's id: also part of names in AWS. */
export const personIdPattern = /^[a-z][a-z0-9-]{0,30}$/;

const personId = (meaning: string, example: string, fallback?: string) =>
  text(
    {
      meaning,
      allowed: "an id of lower-case letters, digits and hyphens that begins with a letter, 31 characters at most",
      example,
      ...(fallback === undefined ? {} : { default: fallback }),
    },
    personIdPattern,
  );

const date = (meaning: string) =>
  key(z.iso.date(), { meaning, allowed: 'a date in quotation marks, "YYYY-MM-DD"', example: "2026-12-31" });

const accountId = (meaning: string, fallback?: string) =>
  text(
    {
      meaning,
      allowed: "an AWS account id of 12 digits in quotation marks",
      example: "111122223333",
      ...(fallback === undefined ? {} : { default: fallback }),
    },
    /^\d{12}$/,
  );

const emails = (meaning: string, fallback?: string) =>
  list(
    {
      meaning,
      allowed: "a list of 1 to 10 e-mail addresses",
      example: ["cloud-cost@example.com"],
      ...(fallback === undefined ? {} : { default: fallback }),
    },
    key(z.email().max(254), {
      meaning: "An address.",
      allowed: "an e-mail address",
      example: "cloud-cost@example.com",
    }),
    1,
    10,
  );

const tier = oneOf({ meaning: "A model tier.", example: "standard" }, modelTiers);
const models = (meaning: string, fallback?: string) =>
  list(
    {
      meaning,
      allowed: `a list of ${modelTiers.join(", ")}`,
      example: ["light", "standard"],
      ...(fallback === undefined ? {} : { default: fallback }),
    },
    tier,
    1,
    modelTiers.length,
  );

/** The five limits in the words of where they stand; `from` says what holds when one is left out. */
function limits(whose: string, from: string) {
  return {
    monthlyBudgetUsd: money(
      { meaning: `Model spend of ${whose} in US dollars a calendar month. The gateway stops at it.`, example: 4000 },
      1,
    ),
    tpm: whole(
      {
        meaning: `Tokens per minute of ${whose}. Requests above it are answered 429 with a retry-after.`,
        example: 200000,
        default: from,
      },
      "tokens per minute",
      1000,
      100_000_000,
    ).exactOptional(),
    rpm: whole(
      { meaning: `Requests per minute of ${whose}, like tpm.`, example: 300, default: from },
      "requests per minute",
      1,
      1_000_000,
    ).exactOptional(),
    models: models(`Model tiers that ${whose} may use.`, from).exactOptional(),
    priority: oneOf(
      {
        meaning: `Queue class of ${whose} at a busy gateway: important work waits least, and nobody starves.`,
        example: "normal",
        default: from,
      },
      priorities,
    ).exactOptional(),
  };
}

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

const workspace = (whose: string, fallback: string) =>
  object(
    { meaning: `The machine of ${whose}.`, example: { size: "large" }, default: fallback },
    {
      size: oneOf(
        {
          meaning:
            "Instance size: 2 vCPU with 4, 8 or 8 (faster) GiB, or 4 vCPU with 16 GiB. A change stops the workspace for a minute and keeps its home.",
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

const developer = object(
  { meaning: "One developer; {} takes every default.", example: { monthlyBudgetUsd: 300, models: ["light"] } },
  {
    ...limits("the developer", "the department's"),
    monthlyBudgetUsd: money(
      {
        meaning:
          "The developer's share of the department's budget in US dollars a month; their key stops at it. 0 blocks the key.",
        example: 300,
        default: "an equal part of what the explicit shares leave",
      },
      0,
    ).exactOptional(),
    signIn: text(
      {
        meaning: "Name of the IAM or Identity Center user where it is not the id.",
        allowed: "2 to 64 letters, digits and +=,.@_-",
        example: "k.tanaka@example.com",
        default: "the id",
      },
      /^[\w+=,.@-]{2,64}$/,
    ).exactOptional(),
    workspace: workspace("this developer", "the department's").exactOptional(),
    sshPublicKey: key(z.string().max(1024), {
      meaning: "Public key for SSH inside a Session Manager session, for one's own editor. Never a private key.",
      allowed:
        "one line of an OpenSSH public key: ssh-ed25519, ecdsa-sha2-nistp*, sk-* or ssh-rsa of 3072 bits or more",
      example: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…",
      default: "no SSH",
    }).exactOptional(),
    homeVolume: text(
      {
        meaning: "An earlier home volume to adopt, when a person comes back.",
        allowed: "an EBS volume id, vol- and 8 or 17 hexadecimal digits",
        example: "vol-0123456789abcdef0",
        default: "a new volume",
      },
      /^vol-([0-9a-f]{8}|[0-9a-f]{17})$/,
    ).exactOptional(),
  },
);

const department = object(
  { meaning: "The department, whose name is the stack's name.", example: { lead: "sato", developers: { tanaka: {} } } },
  {
    lead: personId("Who owns this file: sees the department's use, and rotates and blocks its keys.", "sato"),
    deputies: list(
      { meaning: "Who may do what the lead does.", allowed: "a list of ids", example: ["ono"], default: "nobody" },
      personId("A deputy.", "ono"),
      0,
      10,
    ).exactOptional(),
    costCenter: text(
      {
        meaning: "Value of the CostCenter tag on everything the department's stack makes.",
        allowed: "1 to 64 letters, digits, spaces and _.:/=+-@",
        example: "CC-1042",
        default: "the department's name",
      },
      /^[\p{L}\p{N}_.:/=+@-]([\p{L}\p{N} _.:/=+@-]{0,62}[\p{L}\p{N}_.:/=+@-])?$/u,
    ).exactOptional(),
    ...limits("the department together", "the cap"),
    monthlyBudgetUsd: money(
      {
        meaning:
          "Model spend of the department in US dollars a calendar month, at most its cap in the platform's file. The gateway stops everybody in it at this sum.",
        example: 3000,
        default: "the cap",
      },
      1,
    ).exactOptional(),
    alertEmails: emails(
      "Who hears when a threshold of the department's budget is crossed.",
      "the platform's",
    ).exactOptional(),
    keepPromptText: key(z.boolean(), {
      meaning:
        "Whether the text of prompts and answers is kept in the department's Langfuse project. Without it, numbers only.",
      allowed: "true or false",
      example: true,
      default: "false",
    }).exactOptional(),
    workspace: workspace("every developer who says nothing else", "medium, 60 idle minutes, 50 GiB").exactOptional(),
    developers: key(
      z.record(personId("A person's id. It belongs to one department.", "tanaka"), developer).meta({
        propertyNames: { pattern: personIdPattern.source },
      }),
      {
        meaning:
          "The developers by id. A new line makes a workspace and a key. A removed line blocks the key at once and keeps the home volume.",
        allowed: "a mapping of ids to settings, {} for none",
        example: { tanaka: {}, suzuki: { monthlyBudgetUsd: 300 } },
      },
    ),
  },
);

const platform = object(
  { meaning: "The organization's settings. The infrastructure team's.", example: { organization: "example" } },
  {
    organization: text(
      {
        meaning: "Prefix of physical names. A change replaces everything.",
        allowed:
          "2 to 12 lower-case letters, digits and single hyphens, beginning with a letter and not with aws, amazon or amzn",
        example: "example",
      },
      /^(?!aws|amazon|amzn|xn--|sthree)(?!.*--)[a-z][a-z0-9-]{0,10}[a-z0-9]$/,
    ),
    monthlyBudgetUsd: money(
      {
        meaning:
          "Model spend of everyone together in US dollars a month. The departments' budgets never add up to more.",
        example: 8000,
      },
      1,
    ),
    alertEmails: emails("Who hears of the organization's budget and of alarms."),
    residency: oneOf(
      {
        meaning:
          "Where prompts may be processed: the geography of the inference profiles. Every geography but global costs more.",
        example: "jp",
      },
      residencies,
    ),
    models: object(
      { meaning: "The model behind each tier.", example: { light: "nova-2-lite" }, default: "the catalogue's" },
      Object.fromEntries(
        modelTiers.map((name) => [
          name,
          oneOf(
            { meaning: `Model behind ${name}.`, example: defaultModels[name], default: defaultModels[name] },
            modelNames,
          ).exactOptional(),
        ]),
      ) as Record<
        (typeof modelTiers)[number],
        z.ZodExactOptional<z.ZodEnum<{ [N in (typeof modelNames)[number]]: N }>>
      >,
    ).exactOptional(),
    mfaMode: oneOf({ meaning: "How MFA is proved for a session.", example: "assume-role" }, mfaModes),
    mfaAttestation: object(
      {
        meaning:
          "With identity-center only: who attests until when that the identity provider demands MFA. An `up` after that date is refused.",
        example: { by: "abe", until: "2026-12-31" },
        default: "none",
      },
      { by: personId("One of auditors or operators.", "abe"), until: date("The last day of it.") },
    ).exactOptional(),
    operators: list(
      {
        meaning: "The infrastructure team: approves extra budgets and breaks the glass.",
        allowed: "a list of ids",
        example: ["mori"],
      },
      personId("An operator.", "mori"),
      1,
      50,
    ),
    auditors: list(
      {
        meaning: "The security team: reads everything and changes nothing.",
        allowed: "a list of ids",
        example: ["abe"],
      },
      personId("An auditor.", "abe"),
      1,
      50,
    ),
    caps: key(
      z
        .record(
          text(
            {
              meaning: "A department, or default.",
              allowed: "default or a department's name",
              example: "engineering",
            },
            /^[a-z][a-z0-9-]{0,19}$/,
          ),
          object(
            { meaning: "The most that one department's file can give out.", example: { monthlyBudgetUsd: 4000 } },
            limits("the department together", "caps.default"),
          ),
        )
        .meta({ required: ["default"] }),
      {
        meaning:
          "The most that departments' own files can give out, by department. `default` serves every department not named and must name all five.",
        allowed: "a mapping with default and departments' names",
        example: { default: { monthlyBudgetUsd: 1000, tpm: 200000, rpm: 300, models: ["light"], priority: "normal" } },
      },
    ),
    extraBudgets: list(
      {
        meaning: "Approved additions to departments' budgets, each ended by AWS's clock.",
        allowed: "a list of entries",
        example: [],
        default: "none",
      },
      object(
        {
          meaning: "One addition.",
          example: {
            department: "engineering",
            amountUsd: 500,
            reason: "migration",
            approvedBy: "mori",
            until: "2026-12-31",
          },
        },
        {
          department: text(
            { meaning: "Whose budget.", allowed: "a department's name", example: "engineering" },
            /^[a-z][a-z0-9-]{0,19}$/,
          ),
          amountUsd: money({ meaning: "How much, in US dollars a month.", example: 500 }, 1),
          reason: text(
            {
              meaning: "Why; stands in the audit log.",
              allowed: "3 to 200 characters on one line",
              example: "year-end migration",
            },
            /^[^\p{C}\p{Zl}\p{Zp}]{3,200}$/u,
          ),
          approvedBy: personId("Who approved it: one of operators.", "mori"),
          until: date("The last day of it, in UTC."),
        },
      ),
      0,
      200,
    ).exactOptional(),
    domain: text(
      {
        meaning:
          "DNS domain for which a public certificate is issued. Without it a private certificate is made, which workspaces trust.",
        allowed: "a lower-case DNS name of 50 characters at most",
        example: "cline.example.com",
        default: "none",
      },
      /^(?=.{4,50}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
    ).exactOptional(),
    timeZone: key(z.string().max(50), {
      meaning: "Time zone of schedules and reports.",
      allowed: "an IANA time zone such as Asia/Tokyo or UTC",
      example: "Asia/Tokyo",
      default: "UTC",
    }).exactOptional(),
    account: oneOf(
      {
        meaning:
          "dedicated: settings that an account has once (trail, default encryption, block public access) are this stack's. shared: they are left to the account's owner, and the preview lists them.",
        example: "dedicated",
        default: "dedicated",
      },
      ["dedicated", "shared"],
    ).exactOptional(),
    billing: object(
      {
        meaning: "What only the paying account may do: cost allocation tags and anomaly detection.",
        example: { accountId: "111122223333" },
        default: "none: preview lists what the paying account's owner has to do",
      },
      { accountId: accountId("The paying account.") },
    ).exactOptional(),
    identityAccount: accountId("The account in which people's IAM users live.", "this stack's account").exactOptional(),
  },
);

const network = object(
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

const gateway = object(
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

const observability = object(
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

const images = object(
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

const region = text(
  {
    meaning: "The AWS region, the same as the platform's.",
    allowed: "an AWS region such as ap-northeast-1",
    example: "ap-northeast-1",
  },
  /^[a-z]{2}(-[a-z]+)+-\d$/,
);
const allowedAccountIds = (fallback?: string) =>
  list(
    {
      meaning: "The account this stack may touch. The AWS provider refuses every other.",
      allowed: 'a list of exactly one account id of 12 digits in quotation marks, ["111122223333"]',
      example: ["111122223333"],
      ...(fallback === undefined ? {} : { default: fallback }),
    },
    accountId("The account."),
    1,
    1,
  );

/** What `pulumi stack init` writes beside `config`. */
const written = (meaning: string) =>
  key(z.string(), {
    meaning,
    allowed: "what `pulumi stack init` wrote",
    example: "v1:…",
    default: "absent",
  }).exactOptional();
const top = {
  encryptionsalt: written(
    "Written by `pulumi stack init`; never the same in two files, so a copied file must not keep it.",
  ),
  encryptedkey: written("Like encryptionsalt, with a secrets provider."),
  secretsprovider: written("Written by `pulumi stack init --secrets-provider`."),
};

/** A platform's stack file. */
export const platformFile = z.strictObject({
  ...top,
  config: object(
    { meaning: "The stack's configuration.", example: {} },
    {
      "aws:region": region,
      "aws:allowedAccountIds": allowedAccountIds(),
      "cline:platform": platform,
      "cline:network": network,
      "cline:gateway": gateway,
      "cline:observability": observability,
      "cline:images": images.exactOptional(),
    },
  ),
});

/** A department's stack file. */
export const departmentFile = z.strictObject({
  ...top,
  config: object(
    { meaning: "The stack's configuration.", example: {} },
    {
      "aws:region": region,
      "aws:allowedAccountIds": allowedAccountIds("the platform's account").exactOptional(),
      "cline:sharedFrom": text(
        {
          meaning:
            "The platform stack whose caps hold, and whose network, gateway and observability are used unless a section below says otherwise.",
          allowed: "the name of a platform stack",
          example: "platform",
        },
        /^[a-z][a-z0-9-]{0,19}$/,
      ),
      "cline:department": department,
      "cline:network": network.exactOptional(),
      "cline:gateway": gateway.exactOptional(),
      "cline:observability": observability.exactOptional(),
      "cline:images": images.exactOptional(),
    },
  ),
});

/** Any stack file: what the editors' JSON schema is made of. */
export const stackFile = z.union([platformFile, departmentFile]);

export type PlatformFile = z.output<typeof platformFile>;
export type DepartmentFile = z.output<typeof departmentFile>;
export type DepartmentSection = DepartmentFile["config"]["cline:department"];
export type PlatformSection = PlatformFile["config"]["cline:platform"];
export type DeveloperSection = DepartmentSection["developers"][string];
export type WorkspaceSection = NonNullable<DeveloperSection["workspace"]>;
