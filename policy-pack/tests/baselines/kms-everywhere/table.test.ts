import assert from "node:assert/strict";
import { kmsCmkRequired } from "../../../src/baselines/kms-everywhere/kms-cmk-required";
import { KMS_NOTES, type KmsRow } from "../../../src/data/kms-knowledge";
import table from "../../../src/data/kms-table.json";
import { installedRows } from "../../../scripts/kms-table";
import { judge, resource, violations, type Inputs } from "../../support";

/** Inputs with a value at a path of the table. */
function nested(route: string, value: unknown): Inputs {
  const [step = "", ...rest] = route.split(".");
  const below = rest.length === 0 ? value : nested(rest.join("."), value);
  return { [step.replace("[]", "")]: step.endsWith("[]") ? [below] : below };
}

describe("KMS everywhere: the table", () => {
  it("is that of the installed provider", () => {
    const lines = (rows: readonly KmsRow[]) => rows.map((row) => JSON.stringify(row));
    assert.deepEqual(
      lines(table as KmsRow[]),
      lines(installedRows()),
      "run npx tsx policy-pack/scripts/kms-table.ts and look at what is new",
    );
  });
  it("holds every input that a note is about", () => {
    const rows = new Set((table as KmsRow[]).map((row) => `${row.type} ${row.path}`));
    assert.deepEqual(
      Object.keys(KMS_NOTES).filter((note) => !rows.has(note)),
      [],
    );
  });
  for (const row of table as KmsRow[]) {
    it(`refuses an AWS-managed key at ${row.type} ${row.path}`, () => {
      const found = violations(judge(kmsCmkRequired, resource(row.type, nested(row.path, "alias/aws/service"))));
      assert.ok(
        found.some((message) => message.includes("is a key that AWS manages")),
        found.join("\n"),
      );
    });
  }
});
