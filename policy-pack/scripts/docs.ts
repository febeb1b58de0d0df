import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exemptionsPolicy } from "../src/exemptions-policy";
import { tagsOf } from "../src/frame/controls";
import { ExemptionBook } from "../src/frame/exemption-book";
import { isStackPolicy, type Policy } from "../src/frame/policy";
import { policies } from "../src/policies";

const FILE = path.join(__dirname, "../../docs/policies.md");
const [BEGIN, END] = ["<!-- made by policy-pack/scripts/docs.ts: begin -->", "<!-- end -->"];
const SEVERITIES = ["critical", "high", "medium", "low"];
const BASELINES = [
  ["no-public-ssh", "No public SSH"],
  ["kms-everywhere", "KMS on every resource"],
  ["vpc-endpoints-only", "VPC endpoints only"],
  ["ssm-mfa", "MFA on every session"],
] as const;

/** The tables of all policies: one per baseline, and one of the others. */
export function policyTables(): string {
  const all = [...policies, exemptionsPolicy(new ExemptionBook({ active: [], remarks: [] }))];
  const tied = BASELINES.map(
    ([baseline, title]) => [title, all.filter((policy) => policy.controls.baseline?.includes(baseline))] as const,
  );
  const others = all.filter((policy) => policy.controls.baseline === undefined);
  return [...tied, ["Wider controls", others] as const].map(([title, list]) => section(title, list)).join("\n\n");
}

function section(title: string, list: readonly Policy[]): string {
  const sorted = [...list].sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.name.localeCompare(b.name),
  );
  const rows = sorted.map((policy) => {
    const marks = [
      isStackPolicy(policy) ? "stack" : "",
      "remediate" in policy ? "remedy" : "",
      policy.config ? "settings" : "",
    ].filter(Boolean);
    const { baseline: _, ...controls } = policy.controls;
    return `| [${policy.name}](${policy.url}) | ${policy.description} | ${policy.severity} | ${policy.level} | ${marks.join(", ")} | ${tagsOf(controls).join(", ")} |`;
  });
  return [
    `### ${title} (${list.length})`,
    "",
    "| policy | rule | severity | level | | controls |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** The documentation with its tables made anew; what is written by hand stays. */
export function renderDocumentation(text: string): string {
  const [head = "", rest = ""] = text.split(BEGIN);
  return `${head}${BEGIN}\n\n${policyTables()}\n\n${END}${rest.split(END)[1] ?? "\n"}`;
}

// `npm run docs --workspace policy-pack` after a change to a policy; a test says when it is due.
if (require.main === module) writeFileSync(FILE, renderDocumentation(readFileSync(FILE, "utf8")));
