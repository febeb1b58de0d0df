import type { ExemptionBook } from "./frame/exemption-book";
import { stackPolicy, type StackPolicy } from "./frame/policy";

/** The policy's name; it is no part of the book's own list, so that nothing exempts from it. */
export const EXEMPTIONS_POLICY = "pack-exemptions-current";

/**
 * The policy that reports on the exemptions file itself. It comes last: only then is it known which
 * exemptions were needed.
 */
export function exemptionsPolicy(book: ExemptionBook): StackPolicy {
  return stackPolicy({
    name: EXEMPTIONS_POLICY,
    description: "Exemptions are well formed, unexpired and needed",
    severity: "medium",
    level: "advisory",
    controls: { "nist-800-53r5": ["CA-7", "RA-7"] },
    remediation: "Edit policy-pack/exemptions.json; docs/policies.md describes its entries.",
    url: "https://www.pulumi.com/docs/insights/policy/",
    types: "*",
    checkStack(stack, report) {
      for (const remark of book.remarks(stack.resources.map(({ urn }) => urn))) {
        const resource = remark.urn === undefined ? undefined : stack.find(remark.urn);
        report.violation(remark.message, resource === undefined ? {} : { resource });
      }
    },
  });
}
