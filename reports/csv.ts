import { stringify } from "csv-stringify/sync";
import { canonical, type PreviewDocument } from "./document";
import { nameOf, typeOf } from "./names";
import { outcomeOf } from "./outcome";

const header = [
  "stack",
  "policy",
  "outcome",
  "severity",
  "type",
  "name",
  "urn",
  "source",
  "finding",
  "remedy",
  "ticket",
  "expires",
];

/**
 * One row per finding and, where the document holds evidence, one per resource and policy that
 * passed. RFC 4180. A cell that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export function renderCsv(document: PreviewDocument): string {
  const { stacks, policies = [] } = canonical(document);
  const metadata = new Map(policies.map((policy) => [policy.name, policy]));
  const rows = stacks.flatMap(({ stack, violations, evidence = {} }) => [
    ...violations.map((finding) => [
      stack,
      finding.policy,
      outcomeOf(finding),
      finding.severity,
      typeOf(finding.urn),
      nameOf(finding.urn),
      finding.urn,
      finding.source ?? "",
      finding.message,
      finding.remedy ?? metadata.get(finding.policy)?.remediation ?? "",
      finding.exemption?.ticket ?? "",
      finding.exemption?.expires ?? "",
    ]),
    ...Object.entries(evidence).flatMap(([policy, { passed }]) =>
      passed.map((urn) => {
        const severity = metadata.get(policy)?.severity ?? "";
        return [stack, policy, "passed", severity, typeOf(urn), nameOf(urn), urn, "", "", "", "", ""];
      }),
    ),
  ]);
  // A lone line break is quoted, too: readers take it for the end of a row.
  return stringify([header, ...rows], { record_delimiter: "windows", escape_formulas: true, quoted_match: /[\r\n]/ });
}
