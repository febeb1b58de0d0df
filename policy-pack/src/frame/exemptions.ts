import type { Values } from "./exemption-values";
import term from "../data/exemption-term.json";
import { isRecord } from "./wire";

/**
 * One reviewed exception of a policy, until a day. It is for one resource (`urn`), or for a
 * resource that a component makes, in every stack (`chain`, `name` and `values`).
 */
export interface Exemption {
  readonly policy: string;
  /** The exact URN; no wildcards. */
  readonly urn?: string;
  /**
   * The types from the outermost component to the resource, as they stand in its URN:
   * `cline:artifacts:ArtifactStore$aws:codebuild/project:Project`.
   */
  readonly chain?: string;
  /** The resource's logical name. */
  readonly name?: string;
  /** The inputs that make the exception harmless: others do not profit. */
  readonly values?: Values;
  /** The input that the finding names; absent: any finding of the policy on the resource. */
  readonly property?: string;
  readonly reason: string;
  /** Where it was approved: an issue or change number. */
  readonly ticket: string;
  readonly approvedBy: string;
  /** The last day on which it applies, as `YYYY-MM-DD` (UTC). */
  readonly expires: string;
}

/** The resources that an exemption is for. */
export type Subject = Pick<Exemption, "urn" | "chain" | "name">;

/** An entry of the file that does not apply, or soon expires, with the next step. */
export interface Remark {
  readonly message: string;
  /** Absent: the whole file. */
  readonly subject?: Subject;
}

/** The exemptions file after its checks. */
export interface Exemptions {
  readonly active: readonly Exemption[];
  readonly remarks: readonly Remark[];
}

const TEXTS = ["policy", "reason", "ticket", "approvedBy", "expires"] as const;
const KEYS: readonly string[] = [...TEXTS, "urn", "chain", "name", "values", "property"];
/** The most days that an exemption is valid for. */
export const LONGEST_DAYS = term.longestDays;
const WARNING_DAYS = term.warningDays;
const DAY = 86_400_000;

/**
 * Reads the exemptions file. Faulty, expired and over-long entries do not apply; each gets a
 * remark. The others apply.
 * @param text the file: a JSON array of `Exemption`
 * @param today the day of judgement, `YYYY-MM-DD`
 * @param policies the names of the pack's policies
 */
export function readExemptions(text: string, today: string, policies: ReadonlySet<string>): Exemptions {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    return { active: [], remarks: [{ message: "exemptions.json is not JSON; no exemption applies" }] };
  }
  if (!Array.isArray(entries))
    return { active: [], remarks: [{ message: "exemptions.json is not a list; no exemption applies" }] };
  const active: Exemption[] = [];
  const remarks: Remark[] = [];
  const seen = new Set<string>();
  entries.forEach((entry: unknown, index) => {
    const where = `exemptions.json[${index}]`;
    const faults = faultsOf(entry, policies);
    if (faults.length > 0) {
      remarks.push({ message: `${where} does not apply: ${faults.join("; ")}` });
      return;
    }
    const exemption = entry as Exemption;
    const days = Math.round((Date.parse(exemption.expires) - Date.parse(today)) / DAY);
    const label = `${where} (${exemption.policy}, ${exemption.ticket})`;
    const remark = (message: string) => remarks.push({ message: `${label} ${message}`, subject: exemption });
    const key = keyOf(exemption);
    if (days < 0) remark(`does not apply: it expired on ${exemption.expires}; remove it or have it approved again`);
    else if (days > LONGEST_DAYS)
      remark(
        `does not apply: it ends on ${exemption.expires}, more than ${LONGEST_DAYS} days from now; choose an earlier day`,
      );
    else if (seen.has(key)) remark("does not apply: the same policy and resource stand in the file before");
    else {
      seen.add(key);
      active.push(exemption);
      if (days <= WARNING_DAYS)
        remark(`ends on ${exemption.expires}, in ${days} days; fix the resource or have it approved again`);
    }
  });
  return { active, remarks };
}

const keyOf = ({ policy, urn, chain, name, values, property }: Exemption): string =>
  JSON.stringify([policy, urn, chain, name, values, property]);

function faultsOf(entry: unknown, policies: ReadonlySet<string>): string[] {
  if (!isRecord(entry)) return ["it is not an object"];
  const faults = Object.keys(entry)
    .filter((key) => !KEYS.includes(key))
    .map((key) => `unknown key ${JSON.stringify(key)}; allowed are ${KEYS.join(", ")}`);
  for (const key of TEXTS) if (!isText(entry[key])) faults.push(`${key} must be a text that is not empty`);
  const { policy, ticket, expires, property } = entry;
  if (isText(policy) && !policies.has(policy)) faults.push(`no policy is called ${JSON.stringify(policy)}`);
  // The text of an exempt finding names the ticket: `[exempt TICKET until DATE]`.
  if (isText(ticket) && /\s|\]/.test(ticket)) faults.push("ticket must be one word");
  if (isText(expires) && !isDay(expires)) faults.push("expires must be a day written YYYY-MM-DD");
  if (property !== undefined && !isText(property)) faults.push("property must be a text that is not empty");
  return [...faults, ...subjectFaults(entry)];
}

/** A component's exemption needs the values that make it harmless; one URN says enough. */
function subjectFaults({ urn, chain, name, values }: Record<string, unknown>): string[] {
  const faults: string[] = [];
  if (values !== undefined && (!isRecord(values) || Object.keys(values).length === 0))
    faults.push("values must be an object with at least one path");
  if (urn !== undefined) {
    if (chain !== undefined || name !== undefined) faults.push("urn stands alone: chain and name are in it");
    if (typeof urn !== "string" || !/^urn:pulumi:[^:]+::[^:]+::/.test(urn) || urn.includes("*"))
      faults.push("urn must be one exact URN, as `npm run preview -- --format json` prints it");
    return faults;
  }
  if (!isText(chain) || !/^[^$*]+(?:\$[^$*]+)+$/.test(chain))
    faults.push("chain must be the types from the outermost component to the resource, joined by $; or give urn");
  if (!isText(name) || name.includes("*")) faults.push("name must be the resource's logical name");
  if (values === undefined) faults.push("values must name the inputs that make it harmless");
  return faults;
}

const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
