import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { platformFile } from "../../config/schema";
import { overwriting } from "../engine/stand-in/cloud";
import { deployFiles } from "../support/deployed";
import { root } from "../support/project";
import { fileText, merged, platformConfig } from "../support/specs";

/** Named by the organization, or by the seven characters that Pulumi adds. */
const isName = (value: unknown): boolean => typeof value === "string" && /example|-[0-9a-f]{7}$/.test(value);

/** AWS resources of a platform by URN: type, and whether they stand beside others by their name or their parent's. */
async function platform(section: object): Promise<ReadonlyMap<string, { type: string; isNamed: boolean }>> {
  const files = { "Pulumi.platform.yaml": fileText(merged(platformConfig, { "cline:platform": section })) };
  const [stack] = await deployFiles(files);
  const resources = (stack?.resources ?? []).filter(({ custom, type }) => custom && type.startsWith("aws:"));
  const naming = ["name", "bucket", "role", "policyName", "logGroupName"];
  return new Map(
    resources.map(({ urn, type, inputs }) => [urn, { type, isNamed: naming.some((key) => isName(inputs[key])) }]),
  );
}

describe("what an account has once", () => {
  it("is a row of the page, which says of each whether its creation is refused or writes over", async () => {
    const [dedicated, shared] = [
      await platform({ account: "dedicated", billing: { accountId: "111122223333" } }),
      await platform({ account: "shared" }),
    ];
    const once = [...dedicated].filter(([urn, { isNamed }]) => !shared.has(urn) && !isNamed);
    const types = [...new Set(once.map(([, { type }]) => type))];
    const page = readFileSync(path.join(root, "docs/first-deployment.md"), "utf8");
    const rows = new Map(
      [...page.matchAll(/^\| [^|]+ \| `(aws:[^`]+)` \| (refused|written over)(.*) \|$/gm)].map(
        ([, type, how, rest]) => [type, { how, rest }],
      ),
    );
    assert.deepEqual([...rows.keys()].sort(), types.sort());
    const adopt = JSON.stringify(platformFile.toJSONSchema());
    for (const [type = "", { how, rest = "" }] of rows) {
      assert.equal(how === "written over", overwriting.has(type), type);
      const [, entry] = /adopt: \[([\w-]+)\]/.exec(rest) ?? [];
      assert.equal(how === "refused", entry !== undefined, type);
      if (entry !== undefined) assert.ok(adopt.includes(`"${entry}"`), `cline:platform.adopt takes ${entry}`);
    }
  });
});
