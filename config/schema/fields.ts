import { z } from "zod";
import type { Concern } from "../faults";
import { modelTiers, priorities } from "../terms";
import { kind, list, money, oneOf, text, whole } from "./kinds";
import { type Level, setting } from "./setting";

/** A person's id: also part of names in AWS. Lead, deputy, developer, operator or auditor. */
export const personId = text(
  "an id of lower-case letters, digits and hyphens that begins with a letter, 31 characters at most",
  /^[a-z][a-z0-9-]{0,30}$/,
);

/** A list of people; `one` describes an element. */
export const people = (one: string, example: string, min: number, max: number) =>
  list("a list of ids", setting(personId, { meaning: one, example }), min, max);

/** A platform's or department's stack name, as another file or setting names it. */
export const stackName = (allowed: string) => text(allowed, /^[a-z][a-z0-9-]{0,19}$/);

/** An ISO date; the check of the text requires quotation marks. */
export const date = kind(z.iso.date(), 'a date in quotation marks, "YYYY-MM-DD"');

export const accountId = text("an AWS account id of 12 digits in quotation marks", /^\d{12}$/);

const email = setting(kind(z.email().max(254), "an e-mail address"), {
  meaning: "An address.",
  example: "cloud-cost@example.com",
});

/** Addresses of AWS Budgets' and SNS' subscribers; a budget takes ten. */
export const emails = list("a list of 1 to 10 e-mail addresses", email, 1, 10);

const tiers = list(
  `a list of ${modelTiers.join(", ")}`,
  setting(oneOf(modelTiers), { meaning: "A model tier.", example: "standard" }),
  1,
  modelTiers.length,
);

/**
 * Rate limits, model tiers and priority of a department, a developer or a cap. `inherits`: level
 * that provides a limit left out.
 */
export const limits = (whose: string, inherits: Level, concern?: Concern) => ({
  tpm: setting(whole("tokens per minute", 1000, 100_000_000), {
    meaning: `Tokens per minute of ${whose}. Requests above it are answered 429 with a retry-after.`,
    example: 200000,
    inherits,
    concern,
  }),
  rpm: setting(whole("requests per minute", 1, 1_000_000), {
    meaning: `Requests per minute of ${whose}, like tpm.`,
    example: 300,
    inherits,
    concern,
  }),
  models: setting(tiers, {
    meaning: `Model tiers that ${whose} may use.`,
    example: ["light", "standard"],
    inherits,
    concern,
  }),
  priority: setting(oneOf(priorities), {
    meaning: `Priority of ${whose} in the queue of a busy gateway: high waits least, and low always gets a part.`,
    example: "normal",
    inherits,
    concern,
  }),
});

/** A calendar month's model spend in US dollars. */
export const budget = money(1);
