import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { renderDocumentation } from "../scripts/docs";

describe("docs/policies.md", () => {
  it("lists the policies as they are", () => {
    const text = readFileSync(path.join(__dirname, "../../docs/policies.md"), "utf8");
    assert.ok(text === renderDocumentation(text), "run npm run docs --workspace policy-pack");
  });
});
