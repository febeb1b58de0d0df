import assert from "node:assert/strict";
import { useSubject } from "./conformance/subject";

describe("the query engine, asked by the real Python client", () => {
  const { value } = useSubject();

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
});
