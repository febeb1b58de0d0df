/** How bad a violation is. */
export type Severity = "low" | "medium" | "high" | "critical";

/**
 * What one policy says of one resource. The pack's message carries it as JSON in its last line, and the reports show it: one shape from
 * the rule to the report.
 */
export interface Finding {
  /** Name of the policy. */
  readonly policy: string;
  /** The resource concerned, or the stack; empty for a stack that has no resource of its own. */
  readonly urn: string;
  /** `undeterminable`: a value that preview cannot know decides. `exempt`: a reviewed exemption covers the finding. */
  readonly kind: "violation" | "undeterminable" | "exempt";
  readonly severity: Severity;
  /** What was found and where, without the remedy. Never holds a secret's value. */
  readonly found: string;
  /** What to change. */
  readonly remedy: string;
  /** Path of the input concerned, such as `ingress[0].cidrBlocks`, where one input is. */
  readonly property?: string;
  /** Present where `kind` is `exempt`; `expires` is YYYY-MM-DD. */
  readonly exemption?: { readonly ticket: string; readonly expires: string };
}
