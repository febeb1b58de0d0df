import {
  byText,
  canonical,
  type PolicyMetadata,
  type PreviewDocument,
  type StackReport,
  type Finding,
} from "./document";
import type { FaultReport } from "./faults";
import { outcomeOf } from "./outcome";

/**
 * JUnit XML: a test suite per stack, with a test case per policy. A policy's mandatory violations
 * are its failure. A policy is skipped when it could not be judged, is exempt throughout, or
 * applied to nothing. An advisory finding passes, with its text in system-out.
 */
export function renderJunit(document: PreviewDocument): string {
  const { stacks, policies = [], faults = [] } = canonical(document);
  const suites = [...stacks.map((stack) => suite(stack, policies)), ...(faults.length > 0 ? [faultSuite(faults)] : [])];
  const lines = suites.map(({ name, cases }) => {
    const body = cases.map(({ xml }) => xml).join("");
    return `  <testsuite name="${escapeXml(name)}" ${counts(cases)}>\n${body}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts(suites.flatMap(({ cases }) => cases))}>\n${lines.join("")}</testsuites>\n`;
}

interface Case {
  readonly outcome: "passed" | "failed" | "skipped";
  readonly xml: string;
}

function suite(stack: StackReport, policies: readonly PolicyMetadata[]): { name: string; cases: Case[] } {
  const byPolicy = new Map<string, Finding[]>();
  for (const name of [...policies.map((policy) => policy.name), ...Object.keys(stack.passed)]) byPolicy.set(name, []);
  for (const finding of stack.violations) {
    byPolicy.set(finding.policy, [...(byPolicy.get(finding.policy) ?? []), finding]);
  }
  const cases = [...byPolicy]
    .sort(([a], [b]) => byText(a, b))
    .map(([name, findings]) => testCase(stack, name, findings));
  return { name: stack.stack, cases };
}

/**
 * Faults that stopped the preview: a failure each, so that no reader takes the empty document for a
 * passed one.
 */
function faultSuite(faults: readonly FaultReport[]): { name: string; cases: Case[] } {
  const cases = faults.map(({ file = "preview", path = "program", message }): Case => {
    const name = `classname="${escapeXml(file)}" name="${escapeXml(path)}"`;
    const failure = `<failure message="fault" type="fault">${escapeXml(message)}</failure>`;
    return { outcome: "failed", xml: `    <testcase ${name}>\n      ${failure}\n    </testcase>\n` };
  });
  return { name: "faults", cases };
}

function testCase({ stack, passed }: StackReport, policy: string, findings: readonly Finding[]): Case {
  const having = (outcome: string): Finding[] => findings.filter((finding) => outcomeOf(finding) === outcome);
  const [mandatory, advisory, unjudged, exempt] = ["mandatory", "advisory", "undeterminable", "exempt"].map(having);
  const open = `    <testcase classname="${escapeXml(stack)}" name="${escapeXml(policy)}"`;
  const done = (outcome: Case["outcome"], inside: string): Case => ({
    outcome,
    xml: inside ? `${open}>\n      ${inside}\n    </testcase>\n` : `${open}/>\n`,
  });
  if (mandatory?.length) {
    const kind = mandatory[0]?.severity ?? "";
    return done(
      "failed",
      `<failure message="${mandatory.length} mandatory" type="${kind}">${escapeXml(tell(mandatory))}</failure>`,
    );
  }
  if (unjudged?.length) return done("skipped", `<skipped message="${escapeXml(tell(unjudged))}"/>`);
  if (advisory?.length) return done("passed", `<system-out>${escapeXml(tell(advisory))}</system-out>`);
  if ((passed[policy] ?? 0) > 0) return done("passed", "");
  const why = exempt?.length ? `exempt: ${tell(exempt)}` : "nothing to judge";
  return done("skipped", `<skipped message="${escapeXml(why)}"/>`);
}

function tell(findings: readonly Finding[]): string {
  return findings.map(({ urn, source, message }) => `${urn}${source ? ` (${source})` : ""}: ${message}`).join("\n");
}

function counts(cases: readonly Case[]): string {
  const number = (outcome: string): number => cases.filter((c) => c.outcome === outcome).length;
  return `tests="${cases.length}" failures="${number("failed")}" errors="0" skipped="${number("skipped")}"`;
}

/** Escapes for XML 1.0, which also forbids most control characters outright. */
function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\n": "&#10;",
  };
  return (
    text
      // eslint-disable-next-line no-control-regex -- these are the very characters that must go
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
      .replace(/[&<>"\n]/g, (character) => entities[character] ?? character)
  );
}
