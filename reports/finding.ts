/**
 * `exempt`: an exemption applies. `remediate`: the pack changed the input itself, and nothing is
 * left to do in this run.
 */
export type Level = "mandatory" | "advisory" | "disabled" | "exempt" | "remediate";

/** Severity of a violation; "" when the policy has none. */
export type Severity = "critical" | "high" | "medium" | "low" | "";

/** One policy's finding on one resource (for a finding on the whole stack, the stack's URN). */
export interface Finding {
  readonly policy: string;
  readonly urn: string;
  readonly level: Level;
  readonly severity: Severity;
  /** Description of the violation; never a secret's value, never the policy's description. */
  readonly message: string;
  /** The remediation. */
  readonly remedy?: string;
  /** Path of the input concerned, such as `ingress[0].cidrBlocks`, where one input is. */
  readonly property?: string;
  /** Source position of the resource: `file:line`, relative to the project. */
  readonly source?: string;
  /** The exemption that applies; `expires` is YYYY-MM-DD. */
  readonly exemption?: { readonly ticket: string; readonly expires: string };
  /** The policy could not be judged, since a value it needs is known only after deployment. */
  readonly undeterminable?: true;
}
