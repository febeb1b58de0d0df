import { z } from "zod";
import { defaultModels, modelNames } from "../catalogue";
import { mfaModes, type ModelTier, residencies } from "../terms";
import { accountId, budget, date, emails, limits, people, personId, stackName } from "./fields";
import { kind, list, mapping, oneOf, text, whole } from "./kinds";
import { quotas } from "./quotas";
import { setting } from "./setting";
import { agent, agentWords } from "./agent";

const modelOf = (tier: ModelTier) =>
  setting(oneOf(modelNames), {
    meaning: `Model behind ${tier}.`,
    example: defaultModels[tier],
    default: defaultModels[tier],
  });

/** A guardrail of Bedrock, as the gateway names it in every call. */
export const guardrail = mapping({
  id: setting(text("the id of a guardrail: 1 to 64 lower-case letters and digits", /^[a-z0-9]{1,64}$/), {
    meaning: "Its id, as Bedrock's console shows it. It lies in the account and region of the department's gateway.",
    example: "gr1abc2def3g",
  }),
  version: setting(kind(z.int().min(1).max(99_999_999), "the number of a published version, 1 to 99999999"), {
    meaning: "Its version. DRAFT is refused: whoever edits the draft would change the rule without a review.",
    example: 3,
  }),
});

/** The cap of one department's file. */
export const cap = mapping({
  monthlyBudgetUsd: setting(budget, {
    meaning: "Model spend of the whole department in US dollars a calendar month. The gateway stops at it.",
    example: 4000,
    concern: "sums",
  }),
  ...limits("the whole department", "caps.default", "sums"),
  guardrail: setting(guardrail, {
    meaning:
      "Guardrail that the gateway has Bedrock apply to every chat of the department. No key of a department's file takes it off. Batches of such a department are refused.",
    example: { id: "gr1abc2def3g", version: 3 },
    absent: "none",
    inherits: "caps.default",
  }),
});

const caps = kind(
  z
    .record(
      setting(stackName("default or a department's name"), {
        meaning: "A department, or default.",
        example: "engineering",
      }),
      setting(cap, {
        meaning: "The most that one department's file can give out.",
        example: { monthlyBudgetUsd: 4000 },
      }),
    )
    .meta({ required: ["default"] }),
  "a mapping with default and departments' names",
);

/** A temporary addition to a department's budget. */
export const extraBudget = mapping({
  department: setting(stackName("a department's name"), {
    meaning: "Whose budget.",
    example: "engineering",
    concern: "sums",
  }),
  amountUsd: setting(budget, { meaning: "How much, in US dollars a month.", example: 500, concern: "sums" }),
  reason: setting(text("2 to 200 characters on one line", /^[^\p{C}\p{Zl}\p{Zp}]{2,200}$/u), {
    meaning: "Why; stands in the audit log.",
    example: "year-end migration",
    concern: "sums",
  }),
  approvedBy: setting(personId, { meaning: "Who approved it: one of operators.", example: "mori", concern: "sums" }),
  until: setting(date, { meaning: "The last day of it, in UTC.", example: "2026-12-31", concern: "sums" }),
});

const gitHubId = (what: string) => whole(what, 1, Number.MAX_SAFE_INTEGER);

/** Who is told of alarms; a budget's thresholds go to alertEmails. */
const alerts = mapping({
  infrastructure: setting(emails, {
    meaning: "Addresses told of alarms on what runs: gateway, databases, functions, workspaces, models.",
    example: ["platform-team@example.com"],
    absent: "alertEmails",
  }),
  security: setting(emails, {
    meaning:
      "Addresses told of security alarms and events, by a topic of their own. Confirm its mail; until then nobody hears of them.",
    example: ["security@example.com"],
    absent: "those of infrastructure, by the same topic",
  }),
});

/** The repository whose protected workflow deploys. */
export const repository = mapping({
  url: setting(
    text(
      "https://HOST/OWNER/NAME of a GitHub or GitLab repository, the host in lower case and without www, no user, no .git and no / at the end",
      /^https:\/\/(?!www\.)[a-z0-9.-]+(\/[A-Za-z0-9_.-]+){2,8}(?<!\.git)$/,
    ),
    {
      meaning:
        "Address of the repository: owner and name as the host spells them, since tokens name them so. Every host but github.com is a GitLab.",
      example: "https://github.com/example/cline-landing-zone",
    },
  ),
  ownerId: setting(gitHubId("GitHub's owner id"), {
    meaning:
      "GitHub's id of the repository's owner. Repositories made or renamed since 2026-07-15 carry it in their tokens.",
    example: 1234567,
    absent: "the tokens carry names only",
  }),
  repositoryId: setting(gitHubId("GitHub's repository id"), {
    meaning: "GitHub's id of the repository, given together with ownerId.",
    example: 987654321,
    absent: "the tokens carry names only",
  }),
});

/** The platform file's own section. */
export const platform = mapping({
  organization: setting(
    text(
      "2 to 12 lower-case letters, digits and single hyphens, beginning with a letter and not with aws, amazon or amzn",
      /^(?!aws|amazon|amzn|xn--|sthree)(?!.*--)[a-z][a-z0-9-]{0,10}[a-z0-9]$/,
    ),
    { meaning: "Prefix of physical names. A change replaces everything.", example: "example" },
  ),
  monthlyBudgetUsd: setting(budget, {
    meaning: "Model spend of everyone together in US dollars a month. The departments' budgets never add up to more.",
    example: 8000,
    concern: "sums",
  }),
  alertEmails: setting(emails, {
    meaning: "Addresses told of the organization's budget and, unless alerts says otherwise, of alarms.",
    example: ["cloud-cost@example.com"],
  }),
  alerts: setting(alerts, {
    meaning: "Who is told of which alarms.",
    example: { security: ["security@example.com"] },
    default: {},
    words: "alertEmails",
  }),
  residency: setting(oneOf(residencies), {
    meaning:
      "Where prompts may be processed: the geography of the inference profiles. Every geography but global costs more.",
    example: "jp",
  }),
  models: setting(mapping({ light: modelOf("light"), standard: modelOf("standard"), strong: modelOf("strong") }), {
    meaning: "The model behind each tier.",
    example: { light: "nova-2-lite" },
    default: {},
    words: "the catalogue's",
  }),
  mfaMode: setting(oneOf(mfaModes), {
    meaning:
      "How MFA is proved for a session. assume-role: a role per department whose trust asks for a recent MFA of an IAM user. iam-user: the users' own permissions ask for it. identity-center: the identity provider asks for it, and a person attests that.",
    example: "assume-role",
  }),
  mfaAttestation: setting(
    mapping({
      by: setting(personId, { meaning: "One of auditors or operators.", example: "abe" }),
      until: setting(date, { meaning: "The last day of it.", example: "2026-12-31" }),
    }),
    {
      meaning:
        "With identity-center only: who attests until when that the identity provider demands MFA. An `up` after that date is refused.",
      example: { by: "abe", until: "2026-12-31" },
      absent: "none",
    },
  ),
  operators: setting(people("An operator.", "mori", 1, 50), {
    meaning: "The infrastructure team: approves extra budgets and breaks the glass.",
    example: ["mori"],
  }),
  auditors: setting(people("An auditor.", "abe", 1, 50), {
    meaning: "The security team: reads everything and changes nothing.",
    example: ["abe"],
  }),
  caps: setting(caps, {
    meaning:
      "The most that departments' own files can give out, by department. `default` serves every department not named and must name all five.",
    example: { default: { monthlyBudgetUsd: 1000, tpm: 200000, rpm: 300, models: ["light"], priority: "normal" } },
    concern: "sums",
  }),
  extraBudgets: setting(
    list(
      "a list of entries",
      setting(extraBudget, {
        meaning: "One addition.",
        example: {
          department: "engineering",
          amountUsd: 500,
          reason: "migration",
          approvedBy: "mori",
          until: "2026-12-31",
        },
      }),
      0,
      200,
    ),
    {
      meaning: "Approved additions to departments' budgets, each ended by AWS's clock.",
      example: [],
      default: [],
      concern: "sums",
    },
  ),
  agent: setting(agent, agentWords),
  domain: setting(
    text(
      "a lower-case DNS name of 50 characters at most",
      /^(?=.{4,50}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
    ),
    {
      meaning:
        "DNS domain for which a public certificate is issued. Without it a private certificate is made, which workspaces trust.",
      example: "cline.example.com",
      absent: "none",
    },
  ),
  timeZone: setting(kind(z.string().max(50), "an IANA time zone such as Asia/Tokyo or UTC"), {
    meaning: "Time zone of schedules and reports.",
    example: "Asia/Tokyo",
    default: "UTC",
  }),
  account: setting(oneOf(["dedicated", "shared"]), {
    meaning:
      "dedicated: settings that an account has once (trail, default encryption, block public access) are this stack's. shared: they are left to the account's owner, and the preview lists them.",
    example: "dedicated",
    default: "dedicated",
  }),
  adopt: setting(
    list(
      "a list of session-preferences, trail",
      setting(oneOf(["session-preferences", "trail"]), { meaning: "One of them.", example: "trail" }),
      0,
      2,
    ),
    {
      meaning:
        "What an account has once and has already, from its owner or an earlier platform: it is imported as it is. Take the entry out after the `up`; the next one sets it as declared.",
      example: ["session-preferences"],
      default: [],
    },
  ),
  billing: setting(
    mapping({ accountId: setting(accountId, { meaning: "The paying account.", example: "111122223333" }) }),
    {
      meaning: "What only the paying account may do: cost allocation tags and anomaly detection.",
      example: { accountId: "111122223333" },
      absent: "none: preview lists what the paying account's owner has to do",
    },
  ),
  identityAccount: setting(accountId, {
    meaning: "The account in which people's IAM users live.",
    example: "111122223333",
    derived: "this stack's account",
  }),
  repository: setting(repository, {
    meaning:
      "Where the protected workflow runs. Only its environments `production` and `audit` may assume the roles that `npm run bootstrap` makes.",
    example: {
      url: "https://github.com/example/cline-landing-zone",
      ownerId: 1234567,
      repositoryId: 987654321,
    },
    absent: "no workflow: a person deploys with the break-glass role",
  }),
  quotas: setting(quotas, {
    meaning:
      "The account's quotas where they differ from the defaults. The preview names each quota that the stack files together exceed.",
    example: { fargateVcpu: 200, bedrock: { strong: { tpm: 1_000_000, rpm: 400 } } },
    default: {},
    words: "each quota's own",
  }),
});
