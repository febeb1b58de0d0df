import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { controls } from "../../src/controls";
import { tagsOf } from "../../src/frame/controls";
import { policies } from "../../src/policies";

const root = path.join(__dirname, "../../src/controls");
const provider = path.dirname(require.resolve("@pulumi/aws/package.json"));

describe("controls: the catalogue", () => {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).map((file) => path.basename(file, ".ts"));

  it("lists every policy once, each in a file of its name", () => {
    const names = policies.map((policy) => policy.name);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
    for (const { name } of controls) assert.ok(files.includes(name), name);
  });

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
