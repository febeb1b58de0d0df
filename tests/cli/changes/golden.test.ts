import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { loadStackFiles, StackFilesError } from "../../../config";
import { faultReports } from "../../../cli/fault-reports";
import type { PreviewDocument } from "../../../reports";
import { renderComment } from "../../../reports/comment";
import type { Config } from "../../support/specs";
import { filesOf } from "../../support/stack-files";
import { baseConfigs, changed, comparedDocument } from "./sides";

const folder = path.join(__dirname, "../golden");

const department = (overrides: Config): Config => ({ "cline:department": overrides });
const compared = (overrides: Parameters<typeof changed>[0], spoiled?: readonly string[]): PreviewDocument =>
  comparedDocument(baseConfigs, changed(overrides), spoiled);

function faulty(overrides: Parameters<typeof changed>[0]): PreviewDocument {
  try {
    loadStackFiles(filesOf(changed(overrides)));
  } catch (fault) {
    assert.ok(fault instanceof StackFilesError);
    return { stacks: [], faults: faultReports(fault) };
  }
  throw new Error("no fault");
}

/** Twelve kinds of change, by the name of the file that holds the comment. */
const kinds: Readonly<Record<string, () => PreviewDocument>> = {
  "add-developer": () => compared({ engineering: department({ developers: { endo: {} } }) }),
  "remove-developer": () => compared({ engineering: department({ developers: { tanaka: undefined } }) }),
  "raise-share": () => compared({ engineering: department({ developers: { suzuki: { monthlyBudgetUsd: 500 } } }) }),
  "raise-cap": () =>
    compared({ platform: { "cline:platform": { caps: { engineering: { monthlyBudgetUsd: 5000, rpm: 2000 } } } } }),
  "keep-prompt-text": () => compared({ engineering: department({ keepPromptText: true }) }),
  "change-priority": () =>
    compared({ engineering: department({ priority: "normal", developers: { suzuki: { priority: "low" } } }) }),
  "change-schedule": () =>
    compared({ design: department({ workspace: { schedule: { start: "08:00", stop: "20:00" }, size: "large" } }) }),
  "new-department": () =>
    compared({
      research: {
        "aws:region": "ap-northeast-1",
        "cline:sharedFrom": "platform",
        ...department({ lead: "ono", developers: { kimura: {}, hayashi: { models: ["light"] } } }),
      },
    }),
  "removed-department": () => compared({ design: undefined }),
  "spoiled-resource": () =>
    compared({ engineering: department({ developers: { tanaka: { workspace: { size: "large" } } } }) }, [
      "tanaka-instance",
    ]),
  "faulty-file": () =>
    faulty({ engineering: department({ lead: "Sato", developers: { tanaka: { models: ["opus"] } } }) }),
  "no-change": () => compared({}),
};

describe("cli: the comment of a pull request", () => {
  for (const [kind, documentOf] of Object.entries(kinds)) {
    it(`of the kind ${kind} is the golden file's, byte for byte`, () => {
      const file = path.join(folder, `${kind}.md`);
      const text = renderComment(documentOf());
      // UPDATE_GOLDEN=1 writes the files; a review reads their difference.
      if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, text);
      assert.ok(existsSync(file), `${file} is missing: UPDATE_GOLDEN=1 writes it`);
      assert.equal(text, readFileSync(file, "utf8"));
      assert.equal(text, renderComment(documentOf()));
    });
  }

  it("has a golden file for each kind and no other", () => {
    assert.deepEqual(
      readdirSync(folder).sort(),
      Object.keys(kinds)
        .map((kind) => `${kind}.md`)
        .sort(),
    );
  });
});
