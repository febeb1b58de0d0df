import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Bench, schema } from "./conformance/bench";
import { readModels } from "./engine/schema";
import { load } from "./engine/packages";
import { litellmExtras } from "./paths";
import { until, isAlive, started, start, ready } from "./engine-process";

describe("the query engine as a process", () => {
  let bench: Bench;

  before(async () => {
    bench = await Bench.start();
  });
  after(() => bench.stop());
  afterEach(() => started.splice(0).forEach((child) => child.kill("SIGKILL")));

  async function post(port: number, place: string, body: unknown): Promise<unknown> {
    const answer = await fetch(`http://127.0.0.1:${port}${place}`, { method: "POST", body: JSON.stringify(body) });
    assert.equal(answer.status, 200);
    return answer.json();
  }

  it("says its version, which the Python client compares", () => {
    const file = bench.environment()["PRISMA_QUERY_ENGINE_BINARY"] ?? "";
    assert.match(execFileSync(file, ["--version"], { encoding: "utf8" }), /^query-engine [0-9a-f]{40}\n$/);
  });

  it("reports its state, and a name by which LiteLLM finds engines that lost their worker", async () => {
    const { child, port } = await ready(bench);
    const status = await fetch(`http://127.0.0.1:${port}/status`);
    assert.deepEqual(await status.json(), { status: "ok" });
    assert.match(readFileSync(`/proc/${child.pid ?? 0}/comm`, "utf8"), /^query-engine/);
    assert.equal((await fetch(`http://127.0.0.1:${port}/elsewhere`)).status, 404);
  });

  it("listens on loopback alone", async () => {
    const { port } = await ready(bench);
    const listening = readFileSync("/proc/net/tcp", "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(
        ([, local, , state]) =>
          state === "0A" && local?.endsWith(`:${port.toString(16).toUpperCase().padStart(4, "0")}`),
      );
    assert.deepEqual(
      listening.map(([, local]) => local?.split(":")[0]),
      ["0100007F"],
    );
    const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    for (const { address } of others.filter(({ internal, family }) => !internal && family === "IPv4"))
      await assert.rejects(fetch(`http://${address}:${port}/status`), `reached over ${address}`);
  });

  it("answers a query it cannot read with an error, and goes on", async () => {
    const { port } = await ready(bench);
    for (const query of [
      "{",
      "query { result: findManyNothing { id } }",
      "query { result: findManyTag { nothing } }",
    ]) {
      const answer = (await post(port, "/", { query })) as { errors: { user_facing_error: { error_code: string } }[] };
      assert.equal(answer.errors[0]?.user_facing_error.error_code, "P2009", JSON.stringify(answer));
    }
    assert.deepEqual(await post(port, "/", { query: "query { result: findManyTag { name } }" }), {
      data: { result: [] },
    });
    for (const id of ["none", "cmi9w2k0a0000v8x0h3f5g7j9"]) {
      for (const end of ["commit", "rollback"]) {
        const answer = (await post(port, `/transaction/${id}/${end}`, {})) as {
          errors: { user_facing_error: { error_code: string } }[];
        };
        assert.equal(answer.errors[0]?.user_facing_error.error_code, "P2028");
      }
    }
  });

  it("takes the database that a client names instead of the schema's", async () => {
    const { port } = await ready(bench, {
      DATABASE_URL: "postgresql://nobody@127.0.0.1:1/nowhere",
      OVERWRITE_DATASOURCES: JSON.stringify([{ name: "db", url: bench.url() }]),
    });
    assert.deepEqual(await post(port, "/", { query: "query { result: findManyTag { name } }" }), {
      data: { result: [] },
    });
  });

  it("keeps an idle connection open", async () => {
    const { port } = await ready(bench);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const get = async (): Promise<boolean> => {
      const request = http.get({ agent, host: "127.0.0.1", port, path: "/status" });
      const [answer] = (await once(request, "response")) as [http.IncomingMessage];
      answer.resume();
      await once(answer, "end");
      return request.reusedSocket;
    };
    assert.equal(await get(), false);
    // Node's servers close after 5 s unless told otherwise.
    await sleep(6_500);
    assert.equal(await get(), true);
    agent.destroy();
  });

  it("ends at once when it is interrupted", async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const { child } = await ready(bench);
      const gone = once(child, "exit");
      child.kill(signal);
      const before = Date.now();
      assert.deepEqual(await gone, [0, null]);
      assert.ok(Date.now() - before < 1000);
    }
  });

  it("ends when its parent is killed", async () => {
    const python = bench.python();
    await python.value("await db.connect()");
    const [parent, engine] = (await python.value("import os; return [os.getpid(), db._engine.process.pid]")) as [
      number,
      number,
    ];
    assert.ok(isAlive(engine));
    process.kill(parent, "SIGKILL");
    await until("the engine is gone", () => !isAlive(engine), 5_000);
  });

  it("does not start without a database, and says why in Prisma's words", async () => {
    const cases = [
      [`postgresql://x@127.0.0.1:1/x`, "P1001", /Can't reach database server at `127.0.0.1:1`/],
      [bench.url().replace("/conformance", "/none"), "P1003", /database \\"none\\" does not exist/],
      ["mysql://127.0.0.1/x", undefined, /not a postgresql:\/\/ address/],
    ] as const;
    for (const [url, code, words] of cases) {
      const { child, printed } = await start(bench, { DATABASE_URL: url });
      const [status] = (await once(child, "exit")) as [number];
      assert.equal(status, 1);
      assert.match(printed(), words);
      if (code !== undefined) assert.equal((JSON.parse(printed()) as { error_code: string }).error_code, code);
    }
  });

  it("never prints the database's password", async () => {
    const url = bench.url().replace("postgres@", "postgres:hunter2-secret@");
    const { child, printed } = await start(bench, { DATABASE_URL: url.replace(/:\d+\//, ":1/") });
    await once(child, "exit");
    assert.match(printed(), /P1001/);
    assert.doesNotMatch(printed(), /hunter2/);
  });

  for (const [name, file] of [
    ["the test's own schema", () => schema],
    ["LiteLLM's schema", () => path.join(litellmExtras(), "schema.prisma")],
  ] as const) {
    it(`reads the models of ${name} as Prisma does`, () => {
      const tools = load("@prisma/prisma-schema-wasm") as {
        get_datamodel?: unknown;
        get_dmmf(request: string): string;
      };
      const text = readFileSync(file(), "utf8");
      const { datamodel } = JSON.parse(tools.get_dmmf(JSON.stringify({ prismaSchema: text, noColor: true }))) as {
        datamodel: { models: { name: string; fields: { name: string; type: string }[] }[] };
      };
      assert.ok(datamodel.models.length > 0);
      const pairs = (fields: Iterable<[string, { type: string }]>) =>
        [...fields].map(([field, { type }]) => [field, type]);
      assert.deepEqual(
        [...readModels(text)].map(([model, fields]) => [model, pairs(fields)]),
        datamodel.models.map((model) => [model.name, pairs(model.fields.map((field) => [field.name, field]))]),
      );
    });
  }
});

describe("the query engine while the database has trouble", () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.start();
  });
  afterEach(() => bench.stop());

  it("does not notice a restart", async () => {
    const python = await bench.connect();
    await python.value("await asyncio.gather(*(db.tag.count() for _ in range(5)))");
    for (let round = 0; round < 3; round++) {
      bench.postgres.restart();
      assert.equal(await python.value("return sum(await asyncio.gather(*(db.tag.count() for _ in range(5))))"), 0);
    }
  });

  it("says that the database cannot be reached while it is down, and works when it is back", async () => {
    const python = await bench.connect();
    bench.postgres.halt();
    for (const call of [
      "await db.tag.count()",
      `await db.tag.create(data={"name": "x"})`,
      `await db.query_raw("SELECT 1")`,
      `await db.execute_raw("SELECT 1")`,
      `async with db.batch_() as batch:\n    batch.tag.create({"name": "x"})`,
      `async with db.tx() as tx:\n    await tx.tag.count()`,
    ]) {
      const error = await python.raised(call);
      assert.deepEqual([error.type, error.code], ["DataError", "P1001"], call);
      assert.match(error.message, /Can't reach database server at `127\.0\.0\.1:\d+`/);
    }
    bench.postgres.boot();
    assert.equal(await python.value("return await db.tag.count()"), 0);
  });

  it("fails queries in flight when the server is cut off, as Prisma's engine does, and works when it is back", async () => {
    const python = await bench.connect();
    // Prisma's engine gives this error no details, on which prisma-client-py's own reader fails; LiteLLM takes that for an outage.
    const cut = python.raised(`await db.query_raw("SELECT pg_sleep(20)::text")`);
    await until(
      "the query runs",
      () => bench.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'") === "1",
    );
    bench.postgres.kill();
    const error = await cut;
    assert.deepEqual([error.type, error.message], ["AttributeError", "'NoneType' object has no attribute 'get'"]);
    bench.postgres.boot();
    assert.equal(await python.value("return await db.tag.count()"), 0);
  });

  it("fails a query whose session an administrator ends, and the next works", async () => {
    const python = await bench.connect();
    const ended = python.raised(`await db.query_raw("SELECT pg_sleep(20)::text")`);
    const sleeper = "FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND pid <> pg_backend_pid()";
    await until("the query runs", () => bench.sql(`SELECT count(*) ${sleeper}`) === "1");
    bench.sql(`SELECT pg_terminate_backend(pid) ${sleeper}`);
    assert.equal((await ended).type, "AttributeError");
    assert.equal(await python.value("return await db.tag.count()"), 0);
  });

  it("loses no connection of its pool to transactions that a crash cuts off", async () => {
    const python = await bench.connect(bench.url({ connection_limit: "2", pool_timeout: "2" }));
    for (let round = 0; round < 3; round++) {
      const cut = python.raised(`
        async with db.tx() as one, db.tx() as two:
            await asyncio.gather(one.tag.count(), two.tag.count())
            await asyncio.gather(*(tx.query_raw("SELECT pg_sleep(20)::text") for tx in (one, two)))
      `);
      await until(
        "both run",
        () => bench.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'") === "2",
      );
      bench.postgres.kill();
      await cut;
      bench.postgres.boot();
    }
    assert.deepEqual(
      await python.value(`
        async with db.tx() as one, db.tx() as two:
            return await asyncio.gather(one.tag.count(), two.tag.count())
      `),
      [0, 0],
    );
  });

  it("says that the pool is used up", async () => {
    const python = await bench.connect(bench.url({ connection_limit: "1", pool_timeout: "1" }));
    const error = await python.raised(`
      async with db.tx() as tx:
          await tx.tag.count()
          await db.tag.count()
    `);
    assert.deepEqual([error.type, error.code], ["DataError", "P2024"]);
    assert.match(
      error.message,
      /Timed out fetching a new connection from the connection pool.*\(Current connection pool timeout: 1, connection limit: 1\)/,
    );
    assert.equal(await python.value("return await db.tag.count()"), 0);
  });

  it("says that the server is full, which LiteLLM tells from an outage", async () => {
    bench.sql("CREATE ROLE narrow LOGIN CONNECTION LIMIT 1; GRANT ALL ON ALL TABLES IN SCHEMA public TO narrow");
    const python = await bench.connect(bench.url().replace("postgres@", "narrow@"));
    const error = await python.raised(`
      async with db.tx() as tx:
          await tx.tag.count()
          await db.tag.count()
    `);
    assert.deepEqual([error.type, error.code], ["DataError", "P2037"]);
    assert.match(error.message, /too many connections for role/);
  });
});
