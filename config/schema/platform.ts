import { z } from "zod";
import { defaultModels, modelNames } from "../catalogue";
import { mfaModes, modelTiers, residencies } from "../model";
import { accountId, date, emails, limits, personId, stackName } from "./fields";
import { key, list, money, object, oneOf, text } from "./keys";

export const platform = object(
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
    mfaMode: oneOf(
      {
        meaning:
          "How MFA is proved for a session. assume-role: a role per department whose trust asks for a recent MFA of an IAM user. iam-user: the users' own permissions ask for it. identity-center: the identity provider asks for it, and somebody attests that.",
        example: "assume-role",
      },
      mfaModes,
    ),
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
          stackName({
            meaning: "A department, or default.",
            allowed: "default or a department's name",
            example: "engineering",
          }),
          object(
            { meaning: "The most that one department's file can give out.", example: { monthlyBudgetUsd: 4000 } },
            limits("the whole department", "caps.default"),
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
          department: stackName({ meaning: "Whose budget.", allowed: "a department's name", example: "engineering" }),
          amountUsd: money({ meaning: "How much, in US dollars a month.", example: 500 }, 1),
          reason: text(
            {
              meaning: "Why; stands in the audit log.",
              allowed: "2 to 200 characters on one line",
              example: "year-end migration",
            },
            /^[^\p{C}\p{Zl}\p{Zp}]{2,200}$/u,
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
