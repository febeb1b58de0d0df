import assert from "node:assert/strict";
import { baselines } from "../../src/baselines";
import { exemptionsPolicy } from "../../src/exemptions-policy";
import { tagsOf } from "../../src/frame/controls";
import { ExemptionBook } from "../../src/frame/exemptions";
import { readSchema } from "../../scripts/provider-schema";
import path from "node:path";

const TAG =
  /^(baseline:(no-public-ssh|kms-everywhere|vpc-endpoints-only|ssm-mfa)|fsbp:[A-Za-z0-9]+\.\d+|cis-aws-3\.0:\d+(\.\d+)*|nist-800-53r5:[A-Z]{2}-\d+(\(\d+\))?|checkov:CKV2?_AWS_\d+|trivy:AWS-\d{4}|cdk-nag:[A-Z0-9][\w-]*|aisf:[A-Z]+-\d+|cost:[a-z-]+)$/;
const all = [...baselines, exemptionsPolicy(new ExemptionBook({ active: [], remarks: [] }))];

describe("the catalogue of baselines", () => {
  it("tells of each what an auditor asks", () => {
    for (const policy of all) {
      assert.match(policy.name, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      assert.ok(
        policy.description.length > 10 && !policy.description.endsWith("."),
        `${policy.name}: ${policy.description}`,
      );
      assert.ok(policy.remediation.endsWith("."), `${policy.name}: ${policy.remediation}`);
      assert.ok(policy.url.startsWith("https://"), `${policy.name}: ${policy.url}`);
      const tags = tagsOf(policy.controls);
      for (const tag of tags) assert.match(tag, TAG, policy.name);
      assert.equal(new Set(tags).size, tags.length, `${policy.name} has a tag twice`);
    }
  });
  it("ties each baseline to policies of its own", () => {
    for (const baseline of ["no-public-ssh", "kms-everywhere", "vpc-endpoints-only", "ssm-mfa"] as const) {
      const tied = baselines.filter((policy) => policy.controls.baseline?.includes(baseline));
      assert.ok(tied.length >= 8, `${baseline}: ${tied.length}`);
    }
  });
  it("judges types that the provider has", () => {
    const { resources } = readSchema(path.dirname(require.resolve("@pulumi/aws/package.json")));
    const unknown = all.flatMap((policy) =>
      policy.types === "*"
        ? []
        : policy.types
            .filter((type) => type.startsWith("aws:") && !resources.has(type))
            .map((type) => `${policy.name}: ${type}`),
    );
    assert.deepEqual(unknown, []);
  });
});
