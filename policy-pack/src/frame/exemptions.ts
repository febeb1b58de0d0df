/** One reviewed exception: this policy, on this one resource, until this day. */
export interface Exemption {
  readonly policy: string;
  /** The exact URN; no wildcards. */
  readonly urn: string;
  readonly reason: string;
  /** Where it was approved: an issue or change number. */
  readonly ticket: string;
  readonly approvedBy: string;
  /** The last day on which it applies, as `YYYY-MM-DD` (UTC). */
  readonly expires: string;
}

/** An entry of the file that does not apply, or soon expires, with the next step. */
export interface Remark {
  readonly message: string;
  readonly urn?: string;
}

/** The exemptions file after its checks. */
export interface Exemptions {
  readonly active: readonly Exemption[];
  readonly remarks: readonly Remark[];
}

const KEYS = ["policy", "urn", "reason", "ticket", "approvedBy", "expires"] as const;
const LONGEST_DAYS = 400;
const WARNING_DAYS = 60;
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
    const remark = (message: string) => remarks.push({ message: `${label} ${message}`, urn: exemption.urn });
    if (days < 0) remark(`does not apply: it expired on ${exemption.expires}; remove it or have it approved again`);
    else if (days > LONGEST_DAYS)
      remark(
        `does not apply: it ends on ${exemption.expires}, more than ${LONGEST_DAYS} days from now; choose an earlier day`,
      );
    else if (seen.has(keyOf(exemption.policy, exemption.urn)))
      remark("does not apply: the same policy and URN stand in the file before");
    else {
      seen.add(keyOf(exemption.policy, exemption.urn));
      active.push(exemption);
      if (days <= WARNING_DAYS)
        remark(`ends on ${exemption.expires}, in ${days} days; fix the resource or have it approved again`);
    }
  });
  return { active, remarks };
}

function faultsOf(entry: unknown, policies: ReadonlySet<string>): string[] {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return ["it is not an object"];
  const given = entry as Record<string, unknown>;
  const faults: string[] = Object.keys(given)
    .filter((key) => !(KEYS as readonly string[]).includes(key))
    .map((key) => `unknown key ${JSON.stringify(key)}; allowed are ${KEYS.join(", ")}`);
  for (const key of KEYS) {
    const value = given[key];
    if (typeof value !== "string" || value.trim() === "") faults.push(`${key} must be a text that is not empty`);
  }
  const { policy, urn, ticket, expires } = given;
  if (typeof policy === "string" && policy !== "" && !policies.has(policy))
    faults.push(`no policy is called ${JSON.stringify(policy)}`);
  if (typeof urn === "string" && urn !== "" && (!/^urn:pulumi:[^:]+::[^:]+::/.test(urn) || urn.includes("*"))) {
    faults.push("urn must be one exact URN, as `npm run preview -- --json` prints it");
  }
  // The text of an exempt finding names the ticket: `[exempt TICKET until DATE]`.
  if (typeof ticket === "string" && /\s|\]/.test(ticket)) faults.push("ticket must be one word");
  if (typeof expires === "string" && expires !== "" && !isDay(expires))
    faults.push("expires must be a day written YYYY-MM-DD");
  return faults;
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function keyOf(policy: string, urn: string): string {
  return `${policy}\n${urn}`;
}

/** The exemptions that apply, and which of them were needed in this run. */
export class ExemptionBook {
  private readonly byKey: ReadonlyMap<string, Exemption>;
  private readonly used = new Set<Exemption>();

  constructor(private readonly exemptions: Exemptions) {
    this.byKey = new Map(exemptions.active.map((exemption) => [keyOf(exemption.policy, exemption.urn), exemption]));
  }

  /** The exemption that covers a finding of the policy on the resource; it then counts as used. */
  covering(policy: string, urn: string): Exemption | undefined {
    const found = this.byKey.get(keyOf(policy, urn));
    if (found !== undefined) this.used.add(found);
    return found;
  }

  /**
   * Remarks on the file after a stack was judged: its faults, and this stack's unused exemptions.
   */
  remarks(stack: string, project: string): Remark[] {
    const here = `urn:pulumi:${stack}::${project}::`;
    const unused = this.exemptions.active
      .filter((exemption) => exemption.urn.startsWith(here) && !this.used.has(exemption))
      .map(({ policy, ticket, urn }) => ({
        message: `the exemption ${ticket} from ${policy} is not used: the resource complies or is gone; remove the entry`,
        urn,
      }));
    return [...this.exemptions.remarks.filter((remark) => remark.urn?.startsWith(here) ?? true), ...unused];
  }
}
