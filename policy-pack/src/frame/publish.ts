import type { ExemptionBook } from "./exemptions";
import type { Level, Policy, Severity } from "./policy";
import type { Finding } from "./report";

/** How a policy is enforced in this run: its own level or what a policy config file says. */
export type Enforcement = Level | "remediate" | "disabled";

/** A finding as it goes over the wire. */
export interface Diagnostic {
  readonly policy: string;
  readonly urn: string;
  readonly level: Level;
  readonly severity: Severity;
  readonly description: string;
  /**
   * `DESCRIPTION\nFOUND\nRemedy: REMEDY`, and before it `[undeterminable] ` where preview could not know, or
   * `[exempt TICKET until YYYY-MM-DD] ` where a reviewed exemption covers it. Both kinds are advisory.
   */
  readonly message: string;
}

/**
 * Gives a finding its level, its prefix and its remedy.
 * @param urn the resource judged; the finding's own URN goes before it
 */
export function publish(
  policy: Policy,
  finding: Finding,
  urn: string,
  enforcement: Enforcement,
  book: ExemptionBook,
): Diagnostic {
  const subject = finding.urn ?? urn;
  const exemption = book.covering(policy.name, subject);
  const prefix =
    exemption !== undefined
      ? `[exempt ${exemption.ticket} until ${exemption.expires}] `
      : finding.kind === "undeterminable"
        ? "[undeterminable] "
        : "";
  return {
    policy: policy.name,
    urn: subject,
    level: prefix !== "" || enforcement === "advisory" ? "advisory" : "mandatory",
    severity: finding.severity ?? policy.severity,
    description: policy.description,
    message: `${prefix}${policy.description}\n${finding.message}\nRemedy: ${finding.remedy ?? policy.remediation}`,
  };
}
