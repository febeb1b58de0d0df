import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, statSync, writeFileSync } from "node:fs";
import { request, Agent, type IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gatewayExtras, listenerRoutes } from "../../config";
import { planLocalGateway } from "../../components/workspace/local-gateway";
import { issueCertificate } from "../support/certificate";
import { LocalGateway } from "../support/local-gateway";
import { freePort } from "../gateway/support/server";
import { contentOf } from "./support/files";
import { workspaceFiles } from "./support/hosts";

const keys = ["sk-first-key-of-these-tests", "sk-second-key-of-these-tests", "sk-third-key-of-these-tests"] as const;

/** The gateway behind TLS: writes down what it is sent, and answers a stream that a test writes. */
class Upstream {
  readonly got: IncomingMessage[] = [];
  answer = (received: IncomingMessage, send: (part: string) => void, end: () => void): void => {
    send(String(received.headers.authorization));
    end();
  };
  private constructor(readonly server: Server) {}

  static async start({ certificate: cert, privateKey: key }: Awaited<ReturnType<typeof issueCertificate>>) {
    const upstream: Upstream = new Upstream(
      createServer({ cert, key }, (received, response) => {
        upstream.got.push(received);
        received.resume();
        received.once("end", () =>
          upstream.answer(
            received,
            (part) => response.write(part),
            () => response.end(),
          ),
        );
      }),
    );
    await new Promise<void>((resolve) => upstream.server.listen(0, "127.0.0.1", resolve));
    return upstream;
  }
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe("the local gateway", () => {
  let own: Awaited<ReturnType<typeof issueCertificate>>;
  let upstream: Upstream;
  let gateway: LocalGateway;
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  before(async () => {
    own = await issueCertificate();
  });
  beforeEach(async () => {
    upstream = await Upstream.start(own);
    gateway = await LocalGateway.start({ port: upstream.port, authority: own.chain, own: await freePort() });
  });
  afterEach(async () => {
    await gateway.stop();
    upstream.stop();
  });
  after(() => agent.destroy());

  interface Answer {
    readonly status: number;
    readonly text: string;
  }
  const ask = (
    { method = "POST", path: at = "/v1/chat/completions", headers = {}, port = gateway.port, body = "{}" } = {},
    onPart?: (text: string) => void,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      // Node frames a body of POST and PUT only: of other methods it would stand where the next request begins.
      const sent = request({ host: "127.0.0.1", port, method, path: at, headers, agent }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part: string) => {
          text += part;
          onPart?.(part);
        });
        answer.once("error", reject).once("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      sent.once("error", reject).end(["POST", "PUT"].includes(method) ? body : undefined);
    });

  it("is configured as HAProxy takes it without a warning, also with the system's authorities", () => {
    const of = (config: string) => {
      const file = path.join(gateway.folder, "checked.cfg");
      writeFileSync(file, config);
      const { status, stdout, stderr } = spawnSync("/usr/sbin/haproxy", ["-c", "-dW", "-f", file], {
        encoding: "utf8",
      });
      return status === 0 ? "" : `${stdout}${stderr}`;
    };
    assert.equal(of(gateway.config), "");
    const paths = { keyMap: path.join(gateway.folder, "key.map"), socket: "/tmp/unused.sock" };
    const plan = {
      host: "gateway.example.com",
      routes: listenerRoutes("api", gatewayExtras),
      idleSeconds: 1900,
      paths,
    };
    assert.equal(of(planLocalGateway(plan)), "");
    assert.match(of(gateway.config.replace("mode http", "mode htp")), /ALERT/);
    const variable = [{ method: "GET", path: "/v1/{model}", caller: "developer" }] as const;
    assert.throws(() => planLocalGateway({ ...plan, routes: variable }), /exact paths only/);
  });

  it("repeats a connection that was never made and nothing else, and lets its own user alone at its socket", () => {
    // A request that was sent may have been served: repeated it would be booked twice.
    assert.deepEqual(gateway.config.match(/^ *retry-on .*$/gm), ["  retry-on conn-failure"]);
    assert.match(gateway.config, /^ *stats socket \S+ mode 600 level admin$/m);
    assert.match(gateway.config, /^ *option dontlog-normal$/m);
  });

  it("says 503 until it has a key, and its health follows", async () => {
    for (const at of [{}, { method: "GET", path: "/healthz" }]) {
      const { status, text } = await ask(at);
      assert.equal(status, 503);
      assert.match(text, /no virtual key yet/);
    }
    assert.equal(upstream.got.length, 0);
    gateway.setKey(keys[0]);
    assert.deepEqual(await ask({ method: "GET", path: "/healthz" }), { status: 200, text: "ready" });
    assert.deepEqual(await ask(), { status: 200, text: `Bearer ${keys[0]}` });
  });

  it("answers no web page, whatever it asks for", async () => {
    gateway.setKey(keys[0]);
    const before = upstream.got.length;
    for (const headers of [
      { origin: "https://elsewhere.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      // A name that was resolved to the loopback: a page without TLS tells nothing else of itself.
      { host: `page.example.com:${String(gateway.port)}` },
      { host: "127.0.0.1.example.com" },
    ]) {
      const { status, text } = await ask({ headers: { ...headers, "content-type": "text/plain" } });
      assert.equal(status, 403);
      assert.match(text, /answers no web page/);
    }
    assert.equal(upstream.got.length, before);
  });

  it("puts the key in the place of whatever a client sends, and hands on a few headers only", async () => {
    gateway.setKey(keys[0]);
    const headers = {
      authorization: "Bearer sk-of-someone-else",
      "x-litellm-api-key": "sk-of-someone-else",
      "x-api-key": "sk-of-someone-else",
      "api-key": "sk-of-someone-else",
      cookie: "token=sk-of-someone-else",
      "x-forwarded-for": "10.0.0.1",
      "x-litellm-tags": "other",
      connection: "keep-alive, x-kept",
      "x-kept": "no",
      host: "localhost",
      "content-type": "application/json",
      accept: "text/event-stream",
      "user-agent": "client",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };
    await ask({ headers, path: "/v1/chat/completions?user=other" });
    const [received] = upstream.got;
    assert.ok(received);
    assert.equal(received.url, "/v1/chat/completions");
    const { authorization, host, "content-length": length, ...rest } = received.headers;
    assert.deepEqual([authorization, host, length], [`Bearer ${keys[0]}`, "localhost", "2"]);
    const { accept, "user-agent": agentName, traceparent, "content-type": type, ...more } = rest;
    assert.deepEqual(
      [accept, agentName, type, traceparent],
      ["text/event-stream", "client", "application/json", headers.traceparent],
    );
    // Node's own server sees the connection of HAProxy, not the client's.
    assert.ok(Object.keys(more).every((name) => name === "connection") && !String(more.connection).includes("x-kept"));
  });

  it("admits the developers' routes of the gateway and nothing else", async () => {
    gateway.setKey(keys[0]);
    const routes = listenerRoutes("api", gatewayExtras);
    assert.ok(routes.length >= 3);
    for (const { method, path: at } of routes) assert.equal((await ask({ method, path: at })).status, 200, at);
    const admitted = upstream.got.length;
    const refused = [
      ["GET", "/v1/chat/completions"],
      ["POST", "/v1/models"],
      ["PUT", "/v1/chat/completions"],
      ["TRACE", "/v1/models"],
      ["OPTIONS", "/v1/models"],
      ...["//v1/models", "/v1//models", "/v1/models/", "/v1/./models", "/v1/x/../models", "/V1/models"].map((at) => [
        "GET",
        at,
      ]),
      ...["/v1/%6dodels", "/v1/models%00", "/v1/models;x", "/", "/key/info", "/health/readiness"].map((at) => [
        "GET",
        at,
      ]),
    ] as [string, string][];
    for (const [method, at] of refused) assert.equal((await ask({ method, path: at })).status, 404, `${method} ${at}`);
    assert.equal(upstream.got.length, admitted);
  });

  it("hands on each part of a stream as it comes, and every stream goes on while the key changes", async () => {
    gateway.setKey(keys[0]);
    let parts = 0;
    let go: () => void = () => undefined;
    upstream.answer = (received, send, end) => {
      send(String(received.headers.authorization));
      go = () => (parts < 4 ? send(`part ${String(++parts)}\n`) : end());
    };
    const seen: string[] = [];
    const { status, text } = await ask({}, (part) => {
      seen.push(part);
      // The next part is sent only when the last one has arrived.
      gateway.setKey(keys[seen.length % keys.length]!);
      go();
    });
    assert.equal(status, 200);
    assert.equal(text, `Bearer ${keys[0]}part 1\npart 2\npart 3\npart 4\n`);
    assert.equal(seen.length, 5);
  });

  it("loses no request while the key changes, and each carries a key that was current", async () => {
    gateway.setKey(keys[0]);
    const used = new Map<string, number>();
    let done = 0;
    const work = Array.from({ length: 10 }, async () => {
      for (let call = 0; call < 60; call++) {
        const { status, text } = await ask();
        assert.equal(status, 200, text);
        used.set(text, (used.get(text) ?? 0) + 1);
        done++;
      }
    });
    const rotations = keys.slice(1).map(async (key, at) => {
      while (done < 200 * (at + 1)) await sleep(1);
      gateway.setKey(key);
    });
    await Promise.all([...work, ...rotations]);
    assert.deepEqual([...used.keys()].sort(), keys.map((key) => `Bearer ${key}`).sort());
    assert.equal(
      [...used.values()].reduce((sum, each) => sum + each),
      600,
    );
  });

  it("sends nothing to a gateway of another authority, or of another name", async () => {
    const foreign = await issueCertificate();
    for (const target of [
      { port: upstream.port, authority: foreign.chain },
      { port: upstream.port, authority: own.chain, host: "127.0.0.1" },
    ]) {
      const other = await LocalGateway.start({ ...target, own: await freePort() });
      try {
        other.setKey(keys[0]);
        const { status, text } = await ask({ port: other.port });
        assert.equal(status, 503, text);
        assert.match(text, /the gateway does not answer/);
      } finally {
        await other.stop();
      }
    }
    assert.equal(upstream.got.length, 0);
  });

  it("takes a key and nothing else, from root and its own user only, and never says it", () => {
    for (const wrong of ["", "none", "sk-", "sk-a b c d e f g h", "sk-12345678; show map", "sk-12345678\nshow map"])
      assert.throws(() => gateway.setKey(wrong), /found none, or none of LiteLLM's form/);
    gateway.setKey(keys[0]);
    assert.equal(statSync(path.join(gateway.folder, "run")).mode & 0o777, 0o700);
    assert.equal(gateway.said(), "");
    chmodSync(path.join(gateway.folder, "key.map"), 0o600);
    const moved = contentOf(workspaceFiles, "/usr/local/sbin/cline-key-refresh");
    assert.match(moved, /get-secret-value [^|]*\|\n {2}\/usr\/bin\/python3 -I \S+cline-set-key\.py /);
    for (const word of ["echo", "$(", "export", "tee", ">"]) assert.ok(!moved.includes(word), word);
  });
});
