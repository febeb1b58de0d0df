import assert from "node:assert/strict";
import type { Finding } from "../../reports";
import { groupFindings, sayOthers } from "../../reports/finding-groups";
import { render } from "../../reports/formats";
import { finding, urn, withFindings } from "./documents";

const cause = { urn: urn("aws:iam/policy:Policy", "it"), property: "policy.Statement[0]" };
const escalates = finding({ ...cause, policy: "iam-no-privesc", message: "it allows iam:PutRolePolicy" });
const wildcard = finding({ ...cause, policy: "iam-no-service-wildcard", severity: "high", message: "it allows iam:*" });
const advised = finding({ ...wildcard, policy: "iam-no-wildcard-on-all", level: "advisory", severity: "low" });
const unknown = ["iam-no-admin", "iam-no-privesc", "bedrock-no-mantle"].map((policy) =>
  finding({ ...cause, policy, undeterminable: true, message: "policy is not known yet", property: "policy" }),
);

describe("reports: findings by cause", () => {
  it("are one of the worst policy, with the others that the input breaks", () => {
    const [only, ...more] = groupFindings([advised, wildcard, escalates]);
    assert.deepEqual(more, []);
    assert.deepEqual([only?.policy, only?.outcome, only?.severity], ["iam-no-privesc", "mandatory", "critical"]);
    assert.deepEqual(sayOthers(only!), [
      "iam-no-service-wildcard (high), iam-no-wildcard-on-all (advisory, low): it allows iam:*",
    ]);
  });

  it("are one where several policies cannot know the same value", () => {
    const [only, ...more] = groupFindings(unknown);
    assert.deepEqual([more, only?.policy], [[], "iam-no-admin"]);
    assert.deepEqual(sayOthers(only!), ["iam-no-privesc, bedrock-no-mantle"]);
  });

  it("are one over resources that break the same policies, and two where they differ", () => {
    const other = (one: Finding): Finding => ({ ...one, urn: urn("aws:iam/policy:Policy", "other") });
    const alike = groupFindings([escalates, wildcard, other(escalates), other(wildcard)]);
    assert.deepEqual(
      alike.map(({ findings }) => findings.length),
      [2],
    );
    assert.equal(groupFindings([escalates, wildcard, other(escalates)]).length, 2);
  });

  it("stay apart at other inputs, without an input, when exempt, and when not known", () => {
    const apart = [
      escalates,
      finding({ ...wildcard, property: "policy.Statement[1]" }),
      ...["tags-cost-allocation", "s3-versioning"].map((policy) =>
        finding({ urn: cause.urn, policy, message: policy }),
      ),
      finding({ ...wildcard, level: "exempt", exemption: { ticket: "SEC-1", expires: "2027-01-31" } }),
      unknown[0]!,
    ];
    assert.equal(groupFindings(apart).length, apart.length);
  });

  for (const format of ["text", "markdown"] as const)
    it(`name every policy in ${format}, and print the cause once`, () => {
      const text = render(format, withFindings([escalates, wildcard, advised, ...unknown]), { all: true, width: 200 });
      for (const { policy } of [escalates, wildcard, advised, ...unknown]) assert.ok(text.includes(policy), policy);
      assert.equal(text.split("policy is not known yet").length, 2);
      assert.equal(text.split(/^.*(?:✗|❌) mandatory {1,2}(?:<b>)?iam/m).length, 2, text);
    });
});
