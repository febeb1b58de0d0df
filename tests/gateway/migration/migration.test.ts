import assert from "node:assert/strict";
import { gatewayRelease } from "../../../config";
import { worst } from "../candidate/differences";
import { litellmExtras } from "../prisma/paths";
import { buildIndexes, migrate, migrationsIn } from "../prisma/migrate";
import { Postgres } from "../support/postgres";
import { schemaPackage } from "./packages";
import { contentOf, fill, type Content } from "./rows";
import { migrationDifferences, schemaDifferences, schemaOf, type Schema } from "./schema";

/** Rows of spend before the migration; `GATEWAY_ROWS=5000000` for a company's. */
const rows = Number(process.env["GATEWAY_ROWS"] ?? 200_000);
/** Version of the schema that a database has today. */
const from = process.env["GATEWAY_SCHEMA_FROM"] ?? gatewayRelease.previous.schema;
const spend = "LiteLLM_SpendLogs";

describe(`a database of the schema ${from} with data in it, migrated to the installed one`, function () {
  this.timeout(3_600_000);
  let postgres: Postgres;
  let earlier: string;
  let old: Schema;
  let content: Content;

  async function timed(what: string, act: () => unknown): Promise<void> {
    const began = performance.now();
    await act();
    console.info(`      ${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }

  before(async () => {
    earlier = await schemaPackage(from);
    postgres = await Postgres.start();
    await postgres.createDatabase("stands");
    await postgres.createDatabase("fresh");
    await migrate(postgres.url("stands"), earlier);
    await migrate(postgres.url("fresh"));
    old = schemaOf(postgres, "stands");
  });
  after(() => postgres.stop());

  it("gains nothing that the earlier version could not live with, and its SQL files only grow in number", () => {
    const found = [
      ...schemaDifferences(old, schemaOf(postgres, "fresh")),
      ...migrationDifferences(earlier, litellmExtras()),
    ];
    for (const { verdict, what } of found) console.info(`      ${verdict}: ${what}`);
    assert.notEqual(worst(found), "breaks");
  });

  it("has every column of every row as before, and the tables of a new database", async () => {
    await timed(`${rows} rows of spend written`, () =>
      fill(postgres, "stands", old, 1, { every: 50, [spend]: rows, LiteLLM_DailyUserSpend: 5000 }),
    );
    content = contentOf(postgres, "stands", old);
    assert.equal(content[spend]?.split(" ")[0], String(rows));
    await timed("migrated", () => migrate(postgres.url("stands"), litellmExtras(), migrationsIn(earlier)));
    await timed("indexes built", () => buildIndexes(postgres.url("fresh"), postgres.url("stands")));
    assert.deepEqual(contentOf(postgres, "stands", old), content);
    assert.deepEqual(schemaOf(postgres, "stands"), schemaOf(postgres, "fresh"));
  });

  it("takes the earlier version's rows, and gives them all back to it", () => {
    fill(postgres, "stands", old, 10_000_001, { every: 50, [spend]: 1000 });
    const more = contentOf(postgres, "stands", old);
    const counts = (all: Content) =>
      Object.fromEntries(Object.entries(all).map(([table, text]) => [table, Number(text.split(" ")[0])]));
    const [first, second] = [counts(content), counts(more)];
    for (const [table, count] of Object.entries(first))
      assert.equal(second[table], count + (table === spend ? 1000 : 50), table);
    // Without the rows that came since, every sum is as it was.
    const deletions = Object.keys(content).map((table) => {
      const key = old.columns.find((each) => each.table === table && /^(?:text|varchar)/.test(each.type));
      assert.ok(key, table);
      return `DELETE FROM "${table}" WHERE "${key.column}" ~ '-1000\\d{4}$';`;
    });
    postgres.sql("stands", `SET session_replication_role = replica; ${deletions.join("\n")}`);
    assert.deepEqual(contentOf(postgres, "stands", old), content);
  });
});
