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
 * One row per finding and, where the document holds evidence, one per resource and policy that passed. RFC 4180; a cell that a
 * spreadsheet would run as a formula gets an apostrophe in front.
 */
export function renderCsv(document: PreviewDocument): string {
  const { stacks, policies = [] } = canonical(document);
  const metadata = new Map(policies.map((policy) => [policy.name, policy]));
  const rows = stacks.flatMap(({ stack, violations, evidence = {} }) => [
    ...violations.map((v) => [
      stack,
      v.policy,
      outcomeOf(v),
      v.severity,
      typeOf(v.urn),
      nameOf(v.urn),
      v.urn,
      v.source ?? "",
      v.message,
      v.remedy ?? metadata.get(v.policy)?.remediation ?? "",
      v.exemption?.ticket ?? "",
      v.exemption?.expires ?? "",
    ]),
    ...Object.entries(evidence).flatMap(([policy, { passed }]) =>
      passed.map((urn) => {
        const severity = metadata.get(policy)?.severity ?? "";
        return [stack, policy, "passed", severity, typeOf(urn), nameOf(urn), urn, "", "", "", "", ""];
      }),
    ),
  ]);
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
