/** `exempt`: an exemption applies. `remediate`: the pack changed the input itself, and nothing is left to do in this run. */
export type Level = "mandatory" | "advisory" | "disabled" | "exempt" | "remediate";

/** How much harm a violation can do; "" when the policy does not say. */
export type Severity = "critical" | "high" | "medium" | "low" | "";

/** What one policy says of one resource (for a finding on the whole stack, the stack's URN). */
export interface Finding {
  readonly policy: string;
  readonly urn: string;
  readonly level: Level;
  readonly severity: Severity;
  /** What was found; never a secret's value, never the policy's description. */
  readonly message: string;
  /** What to change. */
  readonly remedy?: string;
  /** Path of the input concerned, such as `ingress[0].cidrBlocks`, where one input is. */
  readonly property?: string;
  /** Where the program makes the resource: `file:line`, relative to the project. */
  readonly source?: string;
  /** The exemption that applies; `expires` is YYYY-MM-DD. */
  readonly exemption?: { readonly ticket: string; readonly expires: string };
  /** The policy could not be judged, since a value it needs is known only after deployment. */
  readonly undeterminable?: true;
}
