import assert from "node:assert/strict";
import { planCoverage } from "../../reports";
import { renderCoverage } from "../../reports/coverage";
import { policy, sample, finding } from "./documents";

describe("reports: coverage", () => {
  const verdictOf = (control: string): string | undefined =>
    planCoverage(sample).find((row) => row.control === control)?.verdict;

  it("names for each control its policies, the worst of which decides", () => {
    const row = planCoverage(sample).find(({ control }) => control === "SC-7");
    assert.deepEqual(row, {
      framework: "nist-800-53r5",
      control: "SC-7",
      policies: ["kms-cmk-required", "net-no-public-ssh"],
      verdict: "violated",
    });
    assert.equal(verdictOf("EC2.3"), "not judged");
    assert.equal(verdictOf("EC2.8"), "passed");
    assert.equal(verdictOf("EC2.12"), "exempt");
  });

  it("says of a control whose policies met nothing that it does not apply", () => {
    const rows = planCoverage({ ...sample, policies: [policy("rds-tls", { tags: ["fsbp:RDS.38"] })] });
    assert.deepEqual(rows, [
      { framework: "fsbp", control: "RDS.38", policies: ["rds-tls"], verdict: "not applicable" },
    ]);
  });

  it("looks at every stack", () => {
    const [stack] = sample.stacks;
    const other = { ...stack!, stack: "design", violations: [finding({ policy: "ec2-imdsv2", level: "advisory" })] };
    const rows = planCoverage({ ...sample, stacks: [stack!, other] });
    assert.equal(rows.find(({ control }) => control === "EC2.8")?.verdict, "advised");
  });

  it("sorts by framework, then control by its number, and leaves other tools' checks out", () => {
    const tags = [
      "fsbp:EC2.13",
      "fsbp:EC2.9",
      "baseline:ssm-mfa",
      "checkov:CKV_AWS_24",
      "nist-800-53r5:AC-17",
      "nist-800-53r5:AC-6",
    ];
    const rows = planCoverage({ stacks: [], policies: [policy("p", { tags })] });
    assert.deepEqual(
      rows.map(({ control }) => control),
      ["ssm-mfa", "EC2.9", "EC2.13", "AC-6", "AC-17"],
    );
  });

  it("prints a Markdown table", () => {
    assert.match(renderCoverage(sample), /\n\| fsbp \| EC2\.8 \| passed \| `ec2-imdsv2` \|\n/);
  });
});
