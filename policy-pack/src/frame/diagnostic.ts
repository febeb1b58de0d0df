import type { ExemptionBook } from "./exemption-book";
import type { Finding } from "./finding";
import type { Level, Policy } from "./policy";
import type { ResourceView } from "./view";

/** How a policy is enforced in this run: its own level or the policy config file's. */
export type Enforcement = Level | "remediate" | "disabled";

/** A finding in the form that the engine takes. */
export interface Diagnostic {
  readonly finding: Finding;
  /** Exempt and undeterminable findings are advisory at every enforcement. */
  readonly level: Level;
  /**
   * The text that `pulumi` prints: mark, description, finding, remediation. The last line is
   * `{"finding":…}`, so that programs need not parse the text.
   */
  readonly message: string;
}

/**
 * Exempts the finding where an exemption covers it, and puts it into the engine's form.
 * @param resource the finding's resource, where there is one
 */
export function diagnosticOf(
  { description }: Pick<Policy, "description">,
  reported: Finding,
  enforcement: Enforcement,
  book: ExemptionBook,
  resource?: ResourceView,
): Diagnostic {
  const finding = exempted(reported, book, resource);
  const text = `${markOf(finding)}${description}\n${finding.found}\nRemedy: ${finding.remedy}`;
  return {
    finding,
    level: finding.kind !== "violation" || enforcement === "advisory" ? "advisory" : "mandatory",
    message: `${text}\n${JSON.stringify({ finding })}`,
  };
}

function exempted(finding: Finding, book: ExemptionBook, resource: ResourceView | undefined): Finding {
  const cover = book.covering(finding, resource);
  if (cover === undefined) return finding;
  const { ticket, expires } = cover.exemption;
  if (cover.open !== undefined) {
    const { path, wanted } = cover.open;
    const found = `${finding.found}; the exemption ${ticket} is for ${path} ${wanted}, which is not known yet`;
    return { ...finding, kind: "undeterminable", found };
  }
  return { ...finding, kind: "exempt", exemption: { ticket, expires } };
}

function markOf({ kind, exemption }: Finding): string {
  if (exemption !== undefined) return `[exempt ${exemption.ticket} until ${exemption.expires}] `;
  return kind === "undeterminable" ? "[undeterminable] " : "";
}
