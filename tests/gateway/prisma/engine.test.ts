import assert from "node:assert/strict";
import { Bench } from "./conformance/bench";
import type { Python } from "./conformance/python";

describe("the query engine, asked by the real Python client", () => {
  let bench: Bench;
  let python: Python;

  before(async () => {
    bench = await Bench.start();
    python = await bench.connect();
  });
  after(() => bench.stop());
  beforeEach(() => {
    bench.sql('TRUNCATE "Owner", "items", "Tag", "Profile", "_ItemToTag" RESTART IDENTITY CASCADE');
  });

  const value = (snippet: string): Promise<unknown> => python.value(snippet);

  describe("writes", () => {
    it("creates a row with every type and reads the same back", async () => {
      const row = await value(`
        made = datetime.datetime(2026, 3, 29, 1, 30, 0, 123000, tzinfo=datetime.timezone.utc)
        created = await db.item.create(data={
            "label": 'naïve "quoted" \\\\ back\\nline\\ttab 🙂', "colour": "GREEN", "colours": ["GREEN", "RED"],
            "count": 2**62, "price": prisma.types.Decimal("12345678901234567890.123456789") if hasattr(prisma.types, "Decimal")
            else __import__("decimal").Decimal("12345678901234567890.123456789"), "weight": 1e-7, "ready": True, "made": made,
            "data": Json({"text": "a", "list": [1, 2.5, None, True], "big": 12345678901234567890, "$type": "Json"}),
            "set": Json([]), "words": ["", "b,{}\\"", "NULL"], "numbers": [-1, 0], "bigs": [2**60, 1],
            "blob": prisma.Base64.encode(b"\\x00\\xff"),
        })
        read = await db.item.find_unique_or_raise(where={"id": created.id})
        assert created == read, (created, read)
        assert isinstance(read.count, int) and read.changed.tzinfo is not None
        return read
      `);
      const { changed, ...rest } = row as Record<string, unknown>;
      assert.match(String(changed), /\+00:00$/);
      assert.deepEqual(rest, {
        id: 1,
        label: 'naïve "quoted" \\ back\nline\ttab 🙂',
        owner_id: null,
        owner: null,
        tags: null,
        colour: "GREEN",
        colours: ["GREEN", "RED"],
        count: 2 ** 62,
        price: "12345678901234567890.123456789",
        weight: 1e-7,
        ready: true,
        made: "2026-03-29T01:30:00.123000+00:00",
        data: { text: "a", list: [1, 2.5, null, true], big: Number("12345678901234567890"), $type: "Json" },
        set: [],
        words: ["", 'b,{}"', "NULL"],
        numbers: [-1, 0],
        bigs: [2 ** 60, 1],
        blob: "AP8=",
      });
      assert.equal(
        bench.sql(`SELECT count, bigs, set, data->'big' FROM items`),
        `${2n ** 62n}|{${2n ** 60n},1}|[]|12345678901234567890`,
      );
    });

    it("reads and writes times in UTC whatever the server's zone is", async () => {
      assert.equal(bench.sql("SHOW timezone"), "Asia/Tokyo");
      const off = await value(`
        item = await db.item.create(data={"label": "now"})
        return abs((datetime.datetime.now(datetime.timezone.utc) - item.made).total_seconds())
      `);
      assert.ok(Number(off) < 60, `off by ${String(off)} s`);
      assert.equal(await value(`return (await db.query_raw("SHOW timezone"))[0]["TimeZone"]`), "UTC");
    });

    it("tells JSON's null from no value, and a text in JSON from a text", async () => {
      await value(`
        await db.item.create(data={"label": "null", "data": Json(None)})
        await db.item.create(data={"label": "none"})
        await db.item.create(data={"label": "text", "data": Json("plain"), "set": Json("{}")})
      `);
      assert.equal(
        bench.sql("SELECT item_label, data, jsonb_typeof(set) FROM items ORDER BY id"),
        'null|null|object\nnone||object\ntext|"plain"|string',
      );
    });

    it("creates rows of related models with it, and links them", async () => {
      const owner = await value(`
        await db.tag.create(data={"name": "old"})
        return await db.owner.create(
            data={
                "name": "o",
                "profile": {"create": {"bio": Json({"a": "b"})}},
                "items": {"create": [
                    {"label": "i1", "data": Json("x"), "tags": {"connect": [{"name": "old"}], "create": [{"name": "new"}]}},
                    {"label": "i2", "set": Json({"k": [1]})},
                ]},
            },
            include={"profile": True, "items": {"include": {"tags": {"order_by": {"name": "asc"}}}, "order_by": {"label": "asc"}}},
        )
      `);
      const { profile, items } = owner as { profile: { bio: unknown }; items: Record<string, unknown>[] };
      assert.deepEqual(profile.bio, { a: "b" });
      assert.deepEqual(
        items.map(({ label, data, set, tags }) => [
          label,
          data,
          set,
          (tags as { name: string }[]).map(({ name }) => name),
        ]),
        [
          ["i1", "x", {}, ["new", "old"]],
          ["i2", null, { k: [1] }, []],
        ],
      );
    });

    it("updates related rows: one of many, a single one", async () => {
      const got = await value(`
        owner = await db.owner.create(data={"name": "o", "profile": {"create": {"bio": Json("b")}}, "items": {"create": [{"label": "a"}, {"label": "b"}]}})
        await db.owner.update(where={"id": owner.id}, data={
            "profile": {"update": {"bio": Json("new")}},
            "items": {"update": [{"where": {"id": 1}, "data": {"data": Json("one"), "count": 2**60}}]},
        })
        await db.item.update(where={"id": 1}, data={"owner": {"update": {"email": "e"}}, "tags": {"create": [{"name": "t"}]}})
        await db.item.update(where={"id": 1}, data={"tags": {"disconnect": [{"name": "t"}]}, "owner": {"disconnect": True}})
        found = await db.owner.find_unique_or_raise(where={"id": owner.id}, include={"profile": True, "items": True})
        return [found.email, found.profile.bio, [[item.label, item.data] for item in found.items], await db.tag.count(where={"items": {"none": {}}})]
      `);
      assert.deepEqual(got, ["e", "new", [["b", null]], 1]);
      assert.equal(bench.sql("SELECT item_label, data, count FROM items ORDER BY id"), `a|"one"|${2n ** 60n}\nb||`);
    });

    it("creates many, without those that are there already where asked to", async () => {
      assert.equal(
        await value(`
          first = await db.owner.create_many(data=[{"name": "a"}, {"name": "b"}])
          second = await db.owner.create_many(data=[{"name": "b"}, {"name": "c"}], skip_duplicates=True)
          third = await db.item.create_many(data=[{"label": "x", "data": Json({"n": 1}), "words": ["w"]}, {"label": "y", "data": Json("t")}])
          return f"{first} {second} {third}"
        `),
        "2 1 2",
      );
      assert.equal(bench.sql("SELECT item_label, data, words FROM items ORDER BY id"), 'x|{"n": 1}|{w}\ny|"t"|');
    });

    it("updates: sets, counts up, pushes; none of what is not there", async () => {
      const got = await value(`
        item = await db.item.create(data={"label": "a", "count": 2**60, "weight": 1.5, "words": ["x"], "data": Json(1)})
        changed = await db.item.update(where={"id": item.id}, data={
            "count": {"increment": 5}, "weight": {"multiply": 2}, "words": {"push": ["y"]}, "data": Json({"set": "text"}), "colour": "GREEN",
            "set": Json("b"), "price": None,
        })
        missing = await db.item.update(where={"id": 999}, data={"label": "b"})
        return [changed.count - 2**60, changed.weight, changed.words, changed.data, changed.set, changed.colour, changed.changed >= item.changed, missing]
      `);
      assert.deepEqual(got, [5, 3, ["x", "y"], { set: "text" }, "b", "GREEN", true, null]);
    });

    it("updates and deletes many and says how many", async () => {
      const got = await value(`
        await db.item.create_many(data=[{"label": l, "count": c} for l, c in [("a", 1), ("b", 2), ("c", 3)]])
        updated = await db.item.update_many(where={"count": {"gte": 2}}, data={"count": {"increment": 10}, "data": Json({"m": "x"})})
        deleted = await db.item.delete_many(where={"count": {"gt": 12}})
        one = await db.item.delete(where={"id": 1})
        gone = await db.item.delete(where={"id": 1})
        return [updated, deleted, one.label, gone, await db.item.count()]
      `);
      assert.deepEqual(got, [2, 1, "a", null, 1]);
      assert.equal(bench.sql("SELECT item_label, data FROM items"), 'b|{"m": "x"}');
    });

    it("updates or creates, and one alone creates when twenty try at once", async () => {
      const got = await value(`
        def upsert(n):
            return db.owner.upsert(where={"name": "same"}, data={"create": {"name": "same", "email": "new"}, "update": {"email": f"{n}"}})
        made = await upsert(0)
        again = await upsert(1)
        nested = await db.item.upsert(where={"owner_id_label": {"owner_id": made.id, "label": "l"}}, data={
            "create": {"label": "l", "owner_id": made.id, "data": Json("created")}, "update": {"data": Json("updated")}})
        nested_again = await db.item.upsert(where={"owner_id_label": {"owner_id": made.id, "label": "l"}}, data={
            "create": {"label": "l", "owner_id": made.id}, "update": {"data": Json("updated")}})
        await db.owner.delete_many()
        await asyncio.gather(*(upsert(n) for n in range(20)))
        return [made.email, again.email, made.id == again.id, nested.data, nested_again.data, await db.owner.count()]
      `);
      assert.deepEqual(got, ["new", "1", true, "created", "updated", 1]);
    });
  });

  describe("reads", () => {
    beforeEach(() =>
      value(`
        for name in ("ann", "bob"):
            await db.owner.create(data={"name": name, "email": None if name == "ann" else "Bob@x", "items": {"create": [
                {"label": f"{name}-{n}", "count": 2**60 + n, "price": n + 0.5, "weight": n, "ready": n == 1, "words": ["w", f"w{n}"],
                 "colour": "GREEN" if n else "RED", "made": datetime.datetime(2026, 1, n + 1, tzinfo=datetime.timezone.utc),
                 "data": Json({"n": n, "deep": {"list": [n, "x"]}, "name": name}), "tags": {"connect_or_create": [
                     {"where": {"name": f"t{n}"}, "create": {"name": f"t{n}"}}]} if False else {}}
                for n in range(3)]}})
      `),
    );

    const labels = (where: string): Promise<unknown> =>
      value(`return [item.label for item in await db.item.find_many(where=${where}, order={"label": "asc"})]`);

    for (const [what, where, expected] of [
      ["equality", `{"label": "ann-1"}`, ["ann-1"]],
      ["no value", `{"owner": {"is": {"email": None}}, "ready": True}`, ["ann-1"]],
      ["in a list", `{"label": {"in": ["ann-1", "bob-2", "none"]}}`, ["ann-1", "bob-2"]],
      ["not in a list", `{"label": {"not_in": ["ann-0", "ann-1", "bob-0", "bob-1"]}}`, ["ann-2", "bob-2"]],
      ["text, in any case", `{"label": {"startswith": "BOB", "endswith": "1", "mode": "insensitive"}}`, ["bob-1"]],
      ["not", `{"NOT": [{"label": {"contains": "ann"}}], "ready": True}`, ["bob-1"]],
      [
        "or, and",
        `{"OR": [{"label": "ann-0"}, {"AND": [{"label": {"contains": "bob"}}, {"weight": {"gte": 2}}]}]}`,
        ["ann-0", "bob-2"],
      ],
      ["an integer beyond 2^53", `{"count": {"gt": 2**60 + 1}}`, ["ann-2", "bob-2"]],
      ["an integer beyond 2^53 exactly", `{"count": 2**60 + 1, "label": {"contains": "ann"}}`, ["ann-1"]],
      ["a decimal", `{"price": __import__("decimal").Decimal("1.5")}`, ["ann-1", "bob-1"]],
      ["a time", `{"made": {"lt": datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)}}`, ["ann-0", "bob-0"]],
      ["an enum", `{"colour": "RED"}`, ["ann-0", "bob-0"]],
      ["a list's element", `{"words": {"has": "w2"}}`, ["ann-2", "bob-2"]],
      ["a list's elements", `{"words": {"has_every": ["w", "w1"]}}`, ["ann-1", "bob-1"]],
      ["a list", `{"words": {"equals": ["w", "w0"]}, "label": {"contains": "ann"}}`, ["ann-0"]],
      ["JSON at a path", `{"data": {"path": ["n"], "equals": Json(1)}}`, ["ann-1", "bob-1"]],
      ["a text in JSON at a path", `{"data": {"path": ["name"], "equals": Json("ann")}, "ready": True}`, ["ann-1"]],
      ["part of a text in JSON", `{"data": {"path": ["name"], "string_contains": "nn"}, "ready": True}`, ["ann-1"]],
      ["JSON beyond a number", `{"data": {"path": ["n"], "gt": Json(1)}}`, ["ann-2", "bob-2"]],
      ["an element of JSON", `{"data": {"path": ["deep", "list"], "array_contains": Json([2])}}`, ["ann-2", "bob-2"]],
      ["whole JSON", `{"data": {"equals": Json({"name": "ann", "n": 0, "deep": {"list": [0, "x"]}})}}`, ["ann-0"]],
      ["not that JSON", `{"set": {"not": Json({})}}`, []],
      ["a related row", `{"owner": {"is": {"name": "bob"}}, "ready": True}`, ["bob-1"]],
      ["no related row of a kind", `{"owner": {"is_not": {"name": "bob"}}, "ready": True}`, ["ann-1"]],
    ] as const) {
      it(`filters by ${what}`, async () => assert.deepEqual(await labels(where), expected));
    }

    it("filters by related rows: some, every, none", async () => {
      const got = await value(`
        async def names(where):
            return [owner.name for owner in await db.owner.find_many(where=where, order={"name": "asc"})]
        return [
            await names({"items": {"some": {"data": {"path": ["name"], "equals": Json("bob")}}}}),
            await names({"items": {"every": {"label": {"startswith": "ann"}}}}),
            await names({"items": {"none": {"label": "ann-0"}}}),
        ]
      `);
      assert.deepEqual(got, [["bob"], ["ann"], ["bob"]]);
    });

    it("orders and pages: by several fields, with an offset, from a row on", async () => {
      const got = await value(`
        async def page(**kwargs):
            return [item.label for item in await db.item.find_many(**kwargs)]
        return [
            await page(order=[{"weight": "desc"}, {"label": "asc"}], take=3),
            await page(order={"label": "asc"}, take=2, skip=3),
            await page(order={"id": "asc"}, cursor={"id": 2}, take=2, skip=1),
            await page(order={"id": "asc"}, take=-1),
            (await db.item.find_first(order={"data": "desc"}, where={"owner": {"is": {"name": "ann"}}})).label,
        ]
      `);
      assert.deepEqual(got, [["ann-2", "bob-2", "ann-1"], ["bob-0", "bob-1"], ["ann-2", "bob-0"], ["bob-2"], "ann-2"]);
    });

    it("includes related rows, themselves filtered, ordered and with theirs", async () => {
      const got = await value(`
        owner = await db.owner.find_unique(where={"name": "ann"}, include={"profile": True, "items": {
            "where": {"data": {"path": ["n"], "not": Json(0)}}, "order_by": {"label": "desc"}, "take": 1, "include": {"owner": True}}})
        bare = await db.owner.find_unique(where={"name": "ann"})
        return [owner.profile, [[item.label, item.owner.name] for item in owner.items], bare.items]
      `);
      assert.deepEqual(got, [null, [["ann-2", "ann"]], null]);
    });

    it("finds one by a unique pair, or none", async () => {
      const got = await value(`
        owner = await db.owner.find_first_or_raise(where={"name": "bob"})
        one = await db.item.find_unique(where={"owner_id_label": {"owner_id": owner.id, "label": "bob-1"}})
        none = await db.item.find_unique(where={"id": 99})
        return [one.label, none, await db.item.find_first(where={"label": "none"})]
      `);
      assert.deepEqual(got, ["bob-1", null, null]);
    });

    it("counts", async () => {
      const got = await value(`
        return [await db.item.count(where={"ready": True}), await db.item.count(take=4),
                await db.owner.count(select={"email": True, "_all": True})]
      `);
      assert.deepEqual(got, [2, 4, { email: 1, _all: 2 }]);
    });

    it("groups: sums, averages, extremes, having", async () => {
      const got = await value(`
        rows = await db.item.group_by(by=["colour"], sum={"count": True, "weight": True, "price": True}, avg={"weight": True}, count=True,
            min={"label": True}, max={"made": True}, order={"colour": "asc"})
        many = await db.item.group_by(by=["weight"], count={"_all": True}, having={"weight": {"_sum": {"gt": 3}}}, order={"weight": "asc"})
        return [rows, many]
      `);
      const [rows, many] = got as [Record<string, unknown>[], unknown];
      assert.deepEqual(
        rows.map(({ colour, _count, _avg, _min }) => [colour, _count, _avg, _min]),
        [
          ["RED", { _all: 2 }, { weight: 0 }, { label: "ann-0" }],
          ["GREEN", { _all: 4 }, { weight: 1.5 }, { label: "ann-1" }],
        ],
      );
      assert.equal(BigInt((rows[0]?.["_sum"] as { count: string }).count), 2n ** 61n);
      assert.deepEqual(
        rows.map(({ _sum }) => Number((_sum as { price: string }).price)),
        [1, 8],
      );
      assert.deepEqual(many, [{ weight: 2, _count: { _all: 2 } }]);
    });
  });

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
