import assert from "node:assert/strict";
import { useSubject } from "./conformance/subject";

describe("the query engine, asked by the real Python client", () => {
  const { bench, value } = useSubject();

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
});
