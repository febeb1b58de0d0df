import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { parse } from "yaml";
import { loadStackFiles } from "../../config";
import { stackFileJsonSchema } from "../../config/json-schema";
import { keyRows, withReference } from "../../config/reference";
import { fixtureStacks, root } from "../support/project";
import { stackConfigs } from "../support/stack-files";

const committed = (...path: string[]) => readFileSync(join(root, ...path), "utf8");

function editor() {
  const ajv = new Ajv({ strict: false });
  addFormats(ajv);
  return ajv.compile(JSON.parse(stackFileJsonSchema()) as object);
}

describe("the editors' schema", () => {
  const valid = editor();

  it("is the committed one (npm run schema)", () =>
    assert.equal(committed("stacks", "stack.schema.json"), stackFileJsonSchema()));

  it("accepts the fixture files and whatever the program accepts", () => {
    for (const text of Object.values(fixtureStacks())) assert(valid(parse(text)), JSON.stringify(valid.errors));
    fc.assert(
      fc.property(stackConfigs(), (configs) => {
        for (const config of Object.values(configs)) assert(valid({ config }), JSON.stringify(valid.errors));
      }),
      { numRuns: 30 },
    );
  });

  it("refuses what the program refuses in one file", () => {
    const department = { lead: "kato", developers: { mizuno: {} } };
    const file = (over: object) => ({
      config: {
        "aws:region": "ap-northeast-1",
        "cline:sharedFrom": "platform",
        "cline:department": { ...department, ...over },
      },
    });
    assert(valid(file({})));
    for (const over of [
      { nope: 1 },
      { lead: "Kato" },
      { lead: undefined },
      { developers: { Mizuno: {} } },
      { developers: { mizuno: { models: ["opus"] } } },
      { monthlyBudgetUsd: "300" },
      { alertEmails: [] },
      { deputies: ["ono", "ono"] },
    ]) {
      assert(!valid(file(over)), JSON.stringify(over));
    }
  });

  it("explains every key", () => {
    for (const kind of ["platform", "department"] as const) {
      for (const { path, about } of keyRows(kind)) {
        assert(about.meaning.endsWith("."), path);
        assert(about.allowed.length > 3 && about.example !== undefined, path);
      }
    }
  });

  it("gives every optional key a default in words, and no required one", () => {
    for (const kind of ["platform", "department"] as const) {
      for (const { path, about, required } of keyRows(kind)) {
        assert.equal(about.fallback === undefined, required, path);
      }
    }
  });
});

describe("docs/stack-files.md", () => {
  const text = committed("docs", "stack-files.md");

  it("holds the reference of every key (npm run schema)", () => assert.equal(withReference(text), text));

  for (const document of ["stack-files.md", "onboarding.md"]) {
    it(`shows examples that load: ${document}`, () => {
      const examples = [...committed("docs", document).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml!);
      assert(examples.length > 0);
      const { "Pulumi.platform.yaml": platform } = fixtureStacks();
      // The examples stand beside no other department.
      const alone = platform!
        .replace(/ {4}extraBudgets:[\s\S]*?\n {2}cline/, "  cline")
        .replace(/ +guardrail:.*\n/, "");
      for (const example of examples) {
        const files = {
          "Pulumi.platform.yaml": alone,
          "Pulumi.design.yaml": example.replace(/^ {3}/gm, indented(example)),
        };
        assert.equal(loadStackFiles(files)[0]?.department?.name, "design");
      }
    });
  }
});

/** What a line's first three blanks become: an example inside a list is indented by them. */
const indented = (example: string) => (example.startsWith("   ") ? "" : "   ");
