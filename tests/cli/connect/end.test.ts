import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { findCommand } from "../../../cli/connect/plan";
import { openEditor } from "../../../cli/connect/runner";
import { codeServer } from "../../../cli/connect/service";
import { signIn } from "../../../cli/connect/sign-in";
import { mostReconnects } from "../../../cli/connect/surroundings";
import { openTunnel, usedPort } from "../../../cli/connect/tunnel";
import { connection, end, id, Machine, usual } from "./editor";
import { refused } from "./world";

describe("connect: sessions that end, and ports that are used", () => {
  let world: Machine;
  afterEach(() => world.remove());
  const make = (...given: ConstructorParameters<typeof Machine>): Machine => (world = new Machine(...given));

  it("judges by code-server's answer: a silent plugin, a dead one behind an open port, one that ends with 0", async () => {
    make({ sessions: ["silent"] });
    assert.match(
      await world.fault(connection, { healthy: 1500 }),
      /^session: the plugin opened no port within 2 s and said: Starting/,
    );
    assert.deepEqual(world.events().at(-1), ["SIGINT"]);
    world.script = { answers: usual, sessions: ["dead"] };
    assert.match(
      await world.fault(connection, { healthy: 1500 }),
      /^code-server: no answer within 2 s although the tunnel is open/,
    );
    world.script = { answers: usual, sessions: ["ends"] };
    assert.match(
      await world.fault(),
      /^session: it ended before .* said: Cannot perform start session: the session is gone; run/,
    );
    assert.deepEqual(world.browsed, []);
    const sessions = world.commands().flatMap(([, operation = ""]) => (/session$/.test(operation) ? [operation] : []));
    assert.deepEqual(sessions, Array(3).fill(["start-session", "terminate-session"]).flat());
  });

  it("ends the session by a call where the plugin ignores SIGINT", async () => {
    make({ sessions: ["stubborn"] });
    await world.openAndStop(connection, { grace: 300 });
    assert.deepEqual(world.commands().at(-1), end);
  });

  it("says what a session is left to, where AWS does not confirm its end, and waits for no answer", async () => {
    make({ answers: { "ssm terminate-session": [refused("InternalServerError"), { silence: true }] } });
    const words = "session: AWS did not confirm its end";
    await world.openAndStop();
    assert.equal(world.said.at(-1), `${words} (InternalServerError); it ends after its idle time`);
    await world.openAndStop(connection, { grace: 500 });
    assert.equal(world.said.at(-1), `${words} (Stopped); it ends after its idle time`);
  });

  for (const [behaviour, plugin] of [
    ["drops", "ends with 0"],
    ["killed", "was killed"],
    ["orphaned", "outlives AWS's command line"],
  ] as const)
    it(`ends the session of a plugin that ${plugin}, and connects again on the same port, without a browser`, async () => {
      make({ sessions: [behaviour, "serve"] });
      const running = openEditor(connection, world.surroundings());
      await world.hears(/^connected again/);
      world.stop();
      await running;
      assert.deepEqual(world.commands().slice(-5), [
        world.forward(),
        end,
        findCommand(connection),
        world.forward(),
        end,
      ]);
      assert.deepEqual([world.browsed.length, world.asked.length], [1, 1]);
    });

  it("gives up a tunnel that drops again and again", async () => {
    make({ sessions: ["drops"] });
    assert.match(
      await world.fault(connection, { poll: 1 }),
      /^session: the tunnel dropped 6 times; look at this machine's network/,
    );
    for (const each of ["start-session", "terminate-session"])
      assert.equal(world.commands().filter(([, operation]) => operation === each).length, mostReconnects + 1);
  });

  it("does not renew a session that ended after its idle time", async () => {
    make({ sessions: ["idle"] });
    await openEditor(connection, world.surroundings());
    assert.equal(world.said.at(-1), "the session ended after its idle time; run this again to go on");
    assert.deepEqual(world.commands().at(-1), end);
  });

  it("refuses a port that another program uses", async () => {
    make();
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const used = (server.address() as AddressInfo).port;
    assert.match(
      await world.fault(connection, {}, used),
      new RegExp(`^--port: found ${used}, which another program uses`),
    );
    server.close();
    assert.deepEqual(world.calls(), []);
  });

  it("tells a port that another program took meanwhile, even one that answers as code-server does", async () => {
    make({ sessions: ["taken", "bound"] });
    for (let count = 0; count < 2; count++) {
      assert.match(await world.fault(), /^--port: found \d+, which another program uses; leave it out .* --port$/);
      assert.deepEqual([world.commands().at(-1), world.browsed], [end, []]);
    }
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port: used } = server.address() as AddressInfo;
    const session = await signIn(connection, world.surroundings());
    const before = world.calls().length;
    const route = { connection, service: codeServer, instance: id, port: used };
    await assert.rejects(openTunnel(route, session, world.surroundings()), usedPort(used));
    server.close();
    assert.equal(world.calls().length, before);
  });
});
