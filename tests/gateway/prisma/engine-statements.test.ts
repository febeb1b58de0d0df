import assert from "node:assert/strict";
import { useSubject } from "./conformance/subject";

describe("the query engine, asked by the real Python client", () => {
  const { bench, python, value } = useSubject();

  describe("raw SQL", () => {
    it("gives every type of column as Prisma's own engine does", async () => {
      const [row] = (await value(`
        return await db.query_raw("""SELECT 1 AS int, 2::bigint AS bigint, 1.25::numeric AS numeric, 1.5::float8 AS double, true AS bool,
          NULL::text AS nothing, '{"a": [1]}'::jsonb AS json, ARRAY[1, NULL] AS ints, ARRAY[2::bigint] AS bigints, ARRAY['a,b', NULL] AS texts,
          '\\\\x00ff'::bytea AS bytes, '2026-01-02'::date AS date, '10:20:30'::time AS time, '2026-01-02 03:04:05.678+09'::timestamptz AS moment,
          '2026-01-02 03:04:05.678'::timestamp AS plain, 'RED'::"Colour" AS enum, 'bob'::name AS name, ARRAY['x'::name] AS names,
          'r'::"char" AS char, 'literal' AS literal, '00000000-0000-0000-0000-000000000001'::uuid AS uuid, 7::oid AS oid""")
      `)) as [Record<string, unknown>];
      assert.deepEqual(row, {
        int: 1,
        bigint: 2,
        numeric: 1.25,
        double: 1.5,
        bool: true,
        nothing: null,
        json: { a: [1] },
        ints: [1, null],
        bigints: [2],
        texts: ["a,b", null],
        bytes: "AP8=",
        date: "2026-01-02",
        time: "10:20:30",
        moment: "2026-01-01T18:04:05.678+00:00",
        plain: "2026-01-02T03:04:05.678+00:00",
        enum: "RED",
        name: "bob",
        names: ["x"],
        char: "r",
        literal: "literal",
        uuid: "00000000-0000-0000-0000-000000000001",
        oid: 7,
      });
    });

    it("takes parameters and makes models of rows", async () => {
      const got = await value(`
        await db.owner.create(data={"name": 'qu"ote'})
        sql = 'SELECT * FROM "Owner" WHERE name = $1 AND $2::int = 5 AND $3::jsonb = \\'{"a": 1}\\' AND $4::text IS NULL AND $5 = ANY($6::text[])'
        owner = await db.query_first(sql, 'qu"ote', 5, Json({"a": 1}), None, "x", ["x", "y"], model=prisma.models.Owner)
        return [owner.name, await db.query_first('SELECT 1 AS a WHERE false'), await db.query_raw('SELECT $1::timestamp AS t', datetime.datetime(2026, 1, 2))]
      `);
      assert.deepEqual(got, ['qu"ote', null, [{ t: "2026-01-02T00:00:00+00:00" }]]);
    });

    it("executes and says how many rows", async () => {
      const got = await value(`
        await db.owner.create_many(data=[{"name": "a"}, {"name": "b"}])
        return [await db.execute_raw('UPDATE "Owner" SET email = $1', "e"), await db.execute_raw('CREATE TABLE IF NOT EXISTS other ()')]
      `);
      assert.deepEqual(got, [2, 0]);
    });

    it("reads catalogues, whose columns are names", async () => {
      assert.deepEqual(
        await value(`return await db.query_raw("SELECT tablename FROM pg_tables WHERE tablename = 'items'")`),
        [{ tablename: "items" }],
      );
    });
  });

  describe("several at once", () => {
    it("runs a batch, or nothing of it", async () => {
      const error = await python.raised(`
        async with db.batch_() as batch:
            batch.owner.create({"name": "first"})
            batch.owner.create({"name": "second"})
            batch.execute_raw('UPDATE "Owner" SET email = $1', "set")
        async with db.batch_() as batch:
            batch.owner.create({"name": "third"})
            batch.owner.create({"name": "first"})
      `);
      assert.equal(error.type, "UniqueViolationError");
      assert.equal(bench.sql('SELECT name, email FROM "Owner" ORDER BY name'), "first|set\nsecond|set");
    });

    it("commits a transaction, and nobody sees it before", async () => {
      const got = await value(`
        async with db.tx() as tx:
            await tx.owner.create(data={"name": "in"})
            inside, outside = await tx.owner.count(), await db.owner.count()
            async with tx.batch_() as batch:
                batch.owner.create({"name": "batch"})
        return [inside, outside, await db.owner.count()]
      `);
      assert.deepEqual(got, [1, 0, 2]);
    });

    it("rolls a transaction back when its block raises", async () => {
      const error = await python.raised(`
        async with db.tx() as tx:
            await tx.owner.create(data={"name": "in"})
            raise RuntimeError("no")
      `);
      assert.equal(error.message, "no");
      assert.equal(bench.sql('SELECT count(*) FROM "Owner"'), "0");
    });

    it("rolls back and goes on after a statement in a transaction failed", async () => {
      const error = await python.raised(`
        await db.owner.create(data={"name": "twice"})
        async with db.tx() as tx:
            await tx.owner.create(data={"name": "in"})
            await tx.owner.create(data={"name": "twice"})
      `);
      assert.equal(error.type, "UniqueViolationError");
      assert.equal(await value("return await db.owner.count()"), 1);
    });

    it("ends a transaction that takes too long", async () => {
      const error = await python.raised(`
        async with db.tx(timeout=datetime.timedelta(milliseconds=300)) as tx:
            await tx.owner.create(data={"name": "late"})
            await asyncio.sleep(0.8)
            await tx.owner.count()
      `);
      assert.equal(error.type, "TransactionExpiredError");
      assert.equal(bench.sql('SELECT count(*) FROM "Owner"'), "0");
    });

    it("answers a hundred queries sent together", async () => {
      const got = await value(`
        await asyncio.gather(*(db.owner.create(data={"name": f"{n}"}) for n in range(100)))
        return len({owner.name for owner in await db.owner.find_many()})
      `);
      assert.equal(got, 100);
    });
  });

  describe("errors, as the client's classes", () => {
    it("a unique violation, with the fields", async () => {
      const error = await python.raised(`
        await db.owner.create(data={"name": "a"})
        await db.owner.create(data={"name": "a"})
      `);
      assert.deepEqual([error.type, error.code, error.meta?.["target"]], ["UniqueViolationError", "P2002", ["name"]]);
      assert.match(error.message, /Unique constraint failed on the fields: \(`name`\)/);
    });

    it("a row that is not there", async () => {
      const error = await python.raised(`await db.item.find_unique_or_raise(where={"id": 5})`);
      assert.deepEqual([error.type, error.code], ["RecordNotFoundError", "P2025"]);
      const nested = await python.raised(
        `await db.item.create(data={"label": "x", "owner": {"connect": {"id": "none"}}})`,
      );
      assert.deepEqual([nested.type, nested.code], ["RecordNotFoundError", "P2025"]);
    });

    it("a reference to nothing", async () => {
      const error = await python.raised(`await db.item.create(data={"label": "x", "owner_id": "none"})`);
      assert.deepEqual([error.type, error.code], ["ForeignKeyViolationError", "P2003"]);
    });

    it("a missing value and an unknown field", async () => {
      const missing = await python.raised(`await db.owner.create(data={"email": "e"})`);
      assert.equal(missing.type, "MissingRequiredValueError");
      const unknown = await python.raised(`await db.owner.find_many(where={"nothing": "x"})`);
      assert.equal(unknown.type, "FieldNotFoundError");
    });

    it("a missing table", async () => {
      bench.sql('ALTER TABLE "Tag" RENAME TO "Hidden"');
      const error = await python
        .raised(`await db.tag.find_many()`)
        .finally(() => bench.sql('ALTER TABLE "Hidden" RENAME TO "Tag"'));
      assert.deepEqual([error.type, error.code, error.meta?.["table"]], ["TableNotFoundError", "P2021", "public.Tag"]);
    });

    it("raw SQL that PostgreSQL refuses, with its code", async () => {
      const error = await python.raised(`await db.query_raw("SELECT * FROM nowhere")`);
      assert.deepEqual([error.type, error.code, error.meta?.["code"]], ["RawQueryError", "P2010", "42P01"]);
      assert.match(error.message, /relation "nowhere" does not exist/);
    });

    it("a value that PostgreSQL refuses, as LiteLLM expects it of a bad row", async () => {
      const error = await python.raised(`await db.owner.create(data={"name": "a\\0b"})`);
      assert.deepEqual([error.type, error.code], ["DataError", null]);
      assert.match(error.message, /PostgresError \{ code: "22021".*invalid byte sequence/s);
    });
  });
});
