import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { controls } from "../../src/controls";
import { tagsOf } from "../../src/frame/controls";
import type { Policy } from "../../src/frame/policy";
import { policies } from "../../src/policies";

const load = createRequire(__filename);
const root = path.join(__dirname, "../../src/controls");
const provider = path.dirname(require.resolve("@pulumi/aws/package.json"));
const areas = readdirSync(root)
  .map((file) => path.basename(file, ".ts"))
  .filter((area) => area !== "index");

describe("controls: the catalogue", () => {
  it("lists every policy once", () => {
    const names = policies.map((policy) => policy.name);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  it("has areas to list", () => assert.ok(areas.length >= 20));

  for (const area of areas) {
    it(`lists the policies of ${area}, which have cases in the test of the same name`, () => {
      const exported = load(path.join(root, area)) as Record<string, Policy>;
      const cases = readFileSync(path.join(__dirname, `${area}.test.ts`), "utf8");
      const tested = cases.replace(/^import [^;]*;$/gm, "");
      assert.ok(Object.keys(exported).length > 0);
      for (const [name, policy] of Object.entries(exported)) {
        assert.ok(controls.includes(policy), `${name} is not in controls/index.ts`);
        assert.equal(
          name,
          policy.name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
        );
        assert.match(tested, new RegExp(`\\b${name}\\b`), `${area}.test.ts has no case of ${name}`);
      }
    });
  }

  it("holds a hundred policies and more", () => assert.ok(policies.length >= 100));

  for (const policy of controls) {
    it(`describes ${policy.name} as a tool may show it`, () => {
      assert.match(policy.name, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      assert.match(policy.description, /^[A-Z].*[^.]$/);
      assert.match(policy.remediation, /^[A-Z].*\.$/);
      assert.match(policy.url, /^https:\/\/(docs\.aws\.amazon\.com|www\.pulumi\.com)\//);
      assert.ok(policy.controls["nist-800-53r5"] ?? policy.controls.area);
      const tags = tagsOf(policy.controls);
      for (const tag of tags) {
        assert.match(tag, /^(fsbp|cis-aws-3\.0|nist-800-53r5|checkov|trivy|cdk-nag|aisf|area):[A-Za-z0-9_.()-]+$/);
      }
      assert.equal(new Set(tags).size, tags.length);
    });

    it(`judges types that the provider has, for ${policy.name}`, () => {
      for (const type of policy.types === "*" ? [] : policy.types) {
        const [, module, name] = /^aws:([^/]+)\/([^:]+):\w+$/.exec(type) ?? [];
        if (module === undefined || name === undefined) assert.match(type, /^pulumi:providers:aws$/);
        else assert.ok(existsSync(path.join(provider, module, `${name}.d.ts`)), type);
      }
    });
  }
});
