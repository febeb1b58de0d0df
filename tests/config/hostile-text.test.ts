import assert from "node:assert/strict";
import { loadStackFiles, StackFilesError } from "../../config";
import { departmentConfig, fileText, merged, platformConfig, type Config } from "../support/specs";

const files = (over: Config): Record<string, string> => ({
  "Pulumi.platform.yaml": fileText(platformConfig),
  "Pulumi.engineering.yaml": fileText(merged(departmentConfig, over)),
});
const messageOf = (all: Record<string, string>): string => {
  try {
    loadStackFiles(all);
  } catch (error) {
    assert.ok(error instanceof StackFilesError);
    return error.message;
  }
  return assert.fail("accepted");
};

describe("what a stack file's text can do to a message", () => {
  it("starts no line, moves no cursor and reverses no reading, by a key or by a value", () => {
    for (const text of ["x\n::warning::forged", "x\r## accepted", "\u001b[2KAccepted", "a\u202eb", "a\u2028b"]) {
      for (const over of [{ [text]: 1 }, { priority: text }]) {
        const message = messageOf(files({ "cline:department": over }));
        assert.doesNotMatch(message, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, JSON.stringify(message));
        assert.match(message, /\\u\{|\\n|\\r|\\u/);
      }
    }
  });

  it("shows no encrypted value, wherever it stands", () => {
    const message = messageOf(files({ "cline:department": { costCenter: { secure: "AAABBBCCC" } } }));
    assert.doesNotMatch(message, /AAABBB/);
    assert.match(message, /costCenter: found an encrypted value \(not shown\)/);
  });

  it("refuses a file of stacks/ whose name no stack has", () => {
    const message = messageOf({ ...files({}), "design.yaml": "config: {}\n" });
    assert.equal(
      message,
      "stacks/design.yaml  file: found a name that does not begin with Pulumi.; allowed Pulumi.STACK.yaml; " +
        "rename it to Pulumi.design.yaml, or move it out of stacks/",
    );
  });
});
