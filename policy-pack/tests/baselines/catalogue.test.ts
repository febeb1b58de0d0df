import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { baselines } from "../../src/baselines";
import { exemptionsPolicy } from "../../src/exemptions-policy";
import { tagsOf } from "../../src/frame/controls";
import { ExemptionBook } from "../../src/frame/exemption-book";
import type { Policy } from "../../src/frame/policy";
import { readSchema } from "../../scripts/provider-schema";

const load = createRequire(__filename);
const root = path.join(__dirname, "../../src/baselines");
const isPolicy = (value: unknown): boolean => typeof value === "object" && value !== null && "remediation" in value;
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
  it("holds each policy in a file of its name, and one policy per file", () => {
    const found = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((file) => file.includes(path.sep) && path.basename(file) !== "index.ts")
      .flatMap((file) => {
        const exported = Object.values(load(path.join(root, file)) as Record<string, unknown>);
        const held = exported.filter((value) => (baselines as readonly unknown[]).includes(value)) as Policy[];
        assert.deepEqual(
          held.map((policy) => policy.name),
          exported.some(isPolicy) ? [path.basename(file, ".ts")] : [],
          file,
        );
        return held;
      });
    assert.equal(found.length, baselines.length);
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
