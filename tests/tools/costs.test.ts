import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { format, resolveConfig } from "prettier";
import { exampleCosts } from "../../tools/costs/example";
import { costTables, withTables } from "../../tools/costs/page";

const root = path.resolve(__dirname, "../..");

describe("docs/costs.md", () => {
  it("holds the tables that npm run costs writes", async () => {
    const file = path.join(root, "docs/costs.md");
    const page = readFileSync(file, "utf8");
    const fresh = withTables(page, costTables(await exampleCosts(root)));
    assert.equal(page, await format(fresh, { ...(await resolveConfig(file)), filepath: file }));
  });

  it("says what is missing from a page without marks", () => {
    assert.throws(() => withTables("# Costs\n", "| |"), /docs\/costs\.md: found no .*begin.* and .*end/);
  });
});
