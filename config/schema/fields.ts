import { z } from "zod";
import { modelTiers, priorities } from "../model";
import { key, list, money, oneOf, text, whole } from "./keys";

/** A person's id: also part of names in AWS. */
export const personIdPattern = /^[a-z][a-z0-9-]{0,30}$/;

/** A person: lead, deputy, developer, operator, auditor. */
export const personId = (meaning: string, example: string) =>
  text(
    {
      meaning,
      allowed: "an id of lower-case letters, digits and hyphens that begins with a letter, 31 characters at most",
      example,
    },
    personIdPattern,
  );

/** A platform's or department's stack name, as another file or key names it. */
export const stackName = (about: { meaning: string; allowed: string; example: string }) =>
  text(about, /^[a-z][a-z0-9-]{0,19}$/);

/** An ISO date; that it is quoted is checked where the text is read. */
export const date = (meaning: string) =>
  key(z.iso.date(), { meaning, allowed: 'a date in quotation marks, "YYYY-MM-DD"', example: "2026-12-31" });

/** `fallback` says what holds when the key is left out. */
export const accountId = (meaning: string, fallback?: string) =>
  text(
    {
      meaning,
      allowed: "an AWS account id of 12 digits in quotation marks",
      example: "111122223333",
      default: fallback,
    },
    /^\d{12}$/,
  );

/** Addresses of AWS Budgets' and SNS' subscribers, of which a budget takes ten. */
export const emails = (meaning: string, fallback?: string) =>
  list(
    {
      meaning,
      allowed: "a list of 1 to 10 e-mail addresses",
      example: ["cloud-cost@example.com"],
      default: fallback,
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
const models = (meaning: string, fallback: string) =>
  list(
    {
      meaning,
      allowed: `a list of ${modelTiers.join(", ")}`,
      example: ["light", "standard"],
      default: fallback,
    },
    tier,
    1,
    modelTiers.length,
  );

/** The five limits in the words of where they stand; `from` says what holds when one is left out. */
export function limits(whose: string, from: string) {
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
