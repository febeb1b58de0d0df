import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { instance, session } from "../cli/connect/world";
import { waitFor } from "../cli/connect/process";
import { modes } from "../cli/connect/modes";
import { large, Place, type PlaceOptions } from "./support/place";

const id = "i-0123456789abcdef0";
/** The calls of a session. */
const whole = ["StartSession", "TerminateSession"];

/** Command lines of every process of this machine. */
const commandLines = (): string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "utf8");
      } catch {
        return "";
      }
    });

describe("connect with AWS's own start-session and plugin", () => {
  let place: Place;
  afterEach(() => place.stop());
  const make = async (options?: PlaceOptions): Promise<Place> => (place = await Place.make(options));
  const keys = (): (string | undefined)[] => [...new Set(place.service.calls.map(({ keyId }) => keyId))];

  for (const mode of Object.keys(modes) as (keyof typeof modes)[])
    it(`opens code-server and ends its session: ${mode}`, async () => {
      const { service, world, connection } = await make({ mode });
      const { url, done } = await place.open();
      const answer = Buffer.from(await (await fetch(`${url}large`)).arrayBuffer());
      assert.ok(answer.equals(large));
      const lines = commandLines();
      world.stop();
      await done;
      const [start, end, ...more] = service.calls;
      assert.deepEqual(start?.body, {
        Target: id,
        DocumentName: connection.documents["code-server"],
        Parameters: { localPortNumber: [new URL(url).port] },
      });
      assert.deepEqual([more, keys()], [[], ["ASIATESTONLY"]]);
      // The plugin ends before its own word is sent, at times.
      assert.deepEqual([service.sessions.length, service.sessions[0]?.gone], [1, "call"]);
      assert.deepEqual(end?.body, { SessionId: service.sessions[0]?.id });
      assert.equal(world.asked.length, mode === "identity-center" ? 0 : 1);
      assert.equal(world.calls()[0]?.args[1], mode === "iam-user" ? "get-session-token" : "assume-role");
      // The token goes to the plugin by the environment: no list of processes shows it.
      assert.ok(lines.some((line) => line.includes("AWS_SSM_START_SESSION_RESPONSE")));
      assert.ok(service.tokens.every((token) => lines.every((line) => !line.includes(token))));
    });

  it("lets the plugin resume a dropped websocket: what runs through the tunnel does not break off", async () => {
    const { service, world } = await make();
    const { url, done } = await place.open();
    const answer = await fetch(`${url}lines`);
    const seen: string[] = [];
    let rest = "";
    const lineCount = async (most: number): Promise<void> => {
      const reader = answer.body!.getReader();
      while (seen.length < most) {
        const { value } = (await reader.read()) as { value?: Uint8Array };
        const parts = `${rest}${Buffer.from(value ?? []).toString()}`.split("\n");
        rest = parts.pop() ?? "";
        seen.push(...parts);
      }
      reader.releaseLock();
    };
    for (const drop of [1, 2, 3]) {
      await lineCount(seen.length + 20);
      service.drop();
      await waitFor(() => service.sessions[0]?.sockets === drop + 1);
    }
    await lineCount(seen.length + 20);
    await answer.body!.cancel();
    world.stop();
    await done;
    assert.deepEqual(
      seen,
      seen.map((_, at) => String(at)),
    );
    const resumed = Array<string>(3).fill("ResumeSession");
    assert.deepEqual(service.actions(), ["StartSession", ...resumed, "TerminateSession"]);
    assert.deepEqual([keys(), world.asked.length], [["ASIATESTONLY"], 1]);
    assert.ok(world.said.every((line) => !/dropped/.test(line)));
  });

  it("does not renew a session that the service has ended while the websocket was away", async () => {
    const { service, world } = await make();
    const { done } = await place.open();
    service.sessions[0]!.gone = "timed out";
    service.drop();
    await done;
    assert.equal(world.said.at(-1), "the session ended after its idle time; run this again to go on");
    assert.deepEqual(service.actions(), ["StartSession", "ResumeSession", "TerminateSession"]);
  });

  it("ends when the service closes an idle session", async () => {
    const { service, world } = await make();
    const { done } = await place.open();
    service.sessions[0]!.agent.channel.close("Your session timed out due to inactivity.");
    await done;
    assert.equal(world.said.at(-1), "the session ended after its idle time; run this again to go on");
  });

  it("opens a new session on the same port when the agent ends the old one", async () => {
    const { service, world, connection } = await make();
    const { url, done } = await place.open({ poll: 10 });
    service.sessions[0]!.agent.channel.close();
    await world.hears(/^connected again/);
    assert.equal((await fetch(`${url}large`)).status, 200);
    world.stop();
    await done;
    assert.deepEqual(service.actions(), [...whole, ...whole]);
    assert.deepEqual(service.calls[0]?.body, service.calls[2]?.body);
    assert.equal(service.calls[2]?.body["DocumentName"], connection.documents["code-server"]);
    assert.deepEqual([world.asked.length, world.browsed.length], [1, 1]);
  });

  for (const [what, isKilled] of [
    ["was killed", (line: string) => line.startsWith("session-manager-plugin\0")],
    ["outlives AWS's command line", (line: string) => !line.startsWith("session-manager-plugin\0")],
  ] as const)
    it(`ends the session of a plugin that ${what}, and opens a new one on the same port`, async () => {
      const { service, world } = await make();
      const { url, done } = await place.open({ poll: 10 });
      const killed = place.processes().filter(({ line }) => isKilled(line));
      assert.ok(killed.length > 0);
      for (const { pid } of killed) process.kill(pid, "SIGKILL");
      await world.hears(/^connected again/);
      assert.equal((await fetch(`${url}large`)).status, 200);
      world.stop();
      await done;
      assert.deepEqual(service.actions(), [...whole, ...whole]);
      assert.ok(service.sessions.every(({ gone }) => gone === "call"));
      assert.deepEqual(place.processes(), []);
    });

  it("tells a port that another program took meanwhile, where the plugin waits or ends with 0", async () => {
    const { service, world } = await make();
    const other = createServer((_, response) => void response.end('{"status":"alive"}'));
    service.meanwhile = (port) => new Promise((resolve) => void other.listen(port, "127.0.0.1", resolve));
    try {
      assert.match(await place.fault(), /^--port: found \d+, which another program uses; leave it out .*--port$/);
    } finally {
      other.close();
    }
    assert.deepEqual([service.actions(), service.sessions[0]?.gone, world.browsed], [whole, "call", []]);
    assert.deepEqual(place.processes(), []);
  });

  it("finds a plugin that lives on without a session, when the machine's network has changed", async () => {
    const { service, world } = await make();
    const { url, done } = await place.open({ grace: 3000, poll: 10 });
    // The service refuses the websocket, so the plugin gives up, and keeps its port open.
    service.refusals["ResumeSession"] = Array.from({ length: 20 }, () => ["InternalServerError", "no"]);
    service.drop();
    await waitFor(() => service.actions().filter((action) => action === "ResumeSession").length >= 2);
    world.changed = true;
    await world.hears(/^the tunnel dropped/);
    world.changed = false;
    await world.hears(/^connected again/);
    assert.equal((await fetch(`${url}large`)).status, 200);
    world.stop();
    await done;
  });

  it("waits where the target is refused, until its agent is connected", async () => {
    const { service } = await make();
    service.refusals["StartSession"] = [["TargetNotConnected", `${id} is not connected.`]];
    await place.openAndStop();
    assert.deepEqual(service.actions(), ["StartSession", "GetConnectionStatus", ...whole]);
  });

  it("starts a stopped workspace, and waits for its agent", async () => {
    const states = ["stopped", "pending", "running"].map((state) => instance(state));
    const { service, world } = await make({ answers: { "ec2 describe-instances": states } });
    service.connected = false;
    const opened = place.openAndStop();
    await waitFor(() => service.calls.length > 0);
    service.connected = true;
    await opened;
    const { length } = service.actions();
    assert.deepEqual(service.actions(), [...Array<string>(length - 2).fill("GetConnectionStatus"), ...whole]);
    assert.ok(world.calls().some(({ args }) => args[1] === "start-instances"));
  });

  it("names a plugin that stays silent, and one that is dead behind its open port; it leaves no session", async () => {
    const { service } = await make();
    service.silent = true;
    const silent = await place.fault({ healthy: 10_000, grace: 10_000 });
    assert.match(silent, /^session: the plugin opened no port within 10 s and said: Starting session with SessionId/);
    assert.deepEqual(service.actions(), whole);
    place.stop();
    await make({ ports: {} });
    assert.match(
      await place.fault({ healthy: 10_000 }),
      /^code-server: no answer within 10 s although the tunnel is open/,
    );
    assert.deepEqual([place.service.actions(), place.service.sessions[0]?.gone], [whole, "call"]);
  });

  it("asks for the MFA code once for many connections", async () => {
    const { service, world } = await make();
    for (let count = 0; count < 3; count++) await place.openAndStop();
    assert.deepEqual(service.actions(), [...whole, ...whole, ...whole]);
    assert.deepEqual([world.asked.length, keys()], [1, ["ASIATESTONLY"]]);
  });

  it("signs in again when Session Manager says that the credentials have ended", async () => {
    const { service, world } = await make({
      answers: { "sts assume-role": [session(14_400), session(14_400, "ASIASECOND")] },
    });
    service.refusals["StartSession"] = [
      ["ExpiredTokenException", "The security token included in the request is expired"],
    ];
    await place.openAndStop();
    assert.deepEqual([world.asked.length, keys()], [2, ["ASIATESTONLY", "ASIASECOND"]]);
  });

  it("tells a wrong clock from other refusals", async () => {
    const { service } = await make();
    service.minutesAhead = 20;
    assert.match(await place.fault(), /^clock: this machine's time differs from AWS's by more than five minutes/);
    service.minutesAhead = 0;
    service.refusals["StartSession"] = [
      ["AccessDeniedException", "User is not authorized to perform: ssm:StartSession"],
    ];
    assert.match(await place.fault(), /^session: AWS refuses it: User is not authorized .*not deployed/);
  });

  it("names a plugin that is no longer there, and AWS's command line leaves no session open", async () => {
    const { service, world } = await make();
    await place.openAndStop();
    rmSync(path.join(world.folder, "session-manager-plugin"));
    assert.match(await place.fault(), /^session-manager-plugin: found no command on PATH; .*install it: https:/);
    assert.deepEqual(service.actions().slice(-2), whole);
  });
});
