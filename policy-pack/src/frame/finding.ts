/** Severity of a violation. */
export type Severity = "low" | "medium" | "high" | "critical";

/**
 * One policy's finding on one resource. The pack's message carries it as JSON in its last line, and
 * the reports show it: one shape from the rule to the report.
 */
export interface Finding {
  /** Name of the policy. */
  readonly policy: string;
  /** The resource concerned, or the stack; empty for a stack that has no resource of its own. */
  readonly urn: string;
  /**
   * `undeterminable`: the result depends on a value that preview cannot know. `exempt`: a reviewed
   * exemption covers the finding.
   */
  readonly kind: "violation" | "undeterminable" | "exempt";
  readonly severity: Severity;
  /**
   * Description and position of the violation, without the remediation. Never holds a secret's
   * value.
   */
  readonly found: string;
  /** The remediation. */
  readonly remedy: string;
  /** Path of the input concerned, such as `ingress[0].cidrBlocks`, where one input is. */
  readonly property?: string;
  /** Present where `kind` is `exempt`; `expires` is YYYY-MM-DD. */
  readonly exemption?: { readonly ticket: string; readonly expires: string };
}
