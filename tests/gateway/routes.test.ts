import assert from "node:assert/strict";
import { Agent, request } from "node:https";
import { resolve } from "node:path";
import { gatewayRoutes, listenerRoutes, type GatewayListener, type GatewayRoute } from "../../config";
import { runCommand } from "../engine/support/command";
import { installed } from "./prisma/paths";
import { departmentState, onboard } from "./support/departments";
import { world } from "./support/hooks";

type Route = readonly [method: string, path: string];

const listeners = ["api", "management"] as const satisfies readonly GatewayListener[];

/** Where a request enters: a listener of the load balancer, or the port of a task behind it. */
interface Entrance {
  readonly name: string;
  readonly url: string;
  /** Routes that are answered there. */
  readonly open: readonly GatewayRoute[];
}

const extras = () => world().spec.gateway!.extras;

/** What a task answers on a listener's port: the listener's routes, and what the checks of the load balancer and ECS ask. */
const onPort = (listener: GatewayListener) => [
  ...new Set([
    ...listenerRoutes(listener, extras()),
    ...gatewayRoutes(extras()).filter(({ caller }) => caller === "health" || caller === "canary"),
  ]),
];

const entrances = (): readonly Entrance[] => {
  const { url, managementUrl, gateways } = world();
  const urls = { api: url, management: managementUrl };
  return listeners.flatMap((listener) => [
    { name: `the ${listener} listener`, url: urls[listener], open: listenerRoutes(listener, extras()) },
    {
      name: `a task's ${listener} port`,
      url: `https://localhost:${gateways[0]!.ports[listener]}`,
      open: onPort(listener),
    },
  ]);
};

const opens = ({ open }: Entrance, method: string, path: string) =>
  open.some(
    (route) => route.method === method && new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path),
  );

describe("routes of the gateway", function () {
  this.timeout(900_000);
  let agent: Agent;
  let known: readonly Route[];
  let keys: Readonly<Record<string, string | undefined>>;

  before(async () => {
    agent = new Agent({ keepAlive: true, maxSockets: 32, rejectUnauthorized: false });
    const own = await onboard(world(), departmentState("routes", { a: {} }));
    const other = await onboard(world(), departmentState("routes-beside", { a: {} }));
    keys = { "no key": undefined, "a developer's key": own["a"], "another department's key": other["a"] };
    const run = await runCommand(installed("GATEWAY_PYTHON"), [resolve(__dirname, "support/litellm_routes.py")], {
      cwd: "/",
      env: { PATH: process.env["PATH"], HOME: "/tmp" },
      deadlineMs: 500_000,
    });
    assert.equal(run.code, 0, run.stderr);
    known = JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "") as Route[];
  });

  after(() => agent.destroy());

  function status({ url }: Entrance, method: string, path: string, key: string | undefined): Promise<number> {
    return new Promise((done, failed) => {
      const headers = { ...(key !== undefined && { authorization: `Bearer ${key}` }), "content-length": 0 };
      request(new URL(path, url), { method, agent, headers }, (answer) => {
        answer.resume();
        answer.once("end", () => done(answer.statusCode ?? 0));
      })
        .once("error", failed)
        .end();
    });
  }

  /** A WebSocket's handshake as a client sends it; the status of the refusal, or 101. */
  function handshake({ url }: Entrance, path: string, key: string | undefined): Promise<number> {
    return new Promise((done, failed) => {
      const headers = {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      };
      const sent = request(new URL(path, url), { headers, rejectUnauthorized: false }, (answer) => {
        answer.resume();
        done(answer.statusCode ?? 0);
      });
      sent.once("upgrade", (_, socket) => {
        socket.destroy();
        done(101);
      });
      sent.once("error", failed).end();
    });
  }

  it("answer nothing beyond the declared ones, with any key and without, at either listener and at the tasks", async () => {
    assert.ok(known.length > 700, `${known.length} routes found in LiteLLM`);
    const paths = [...new Set(known.map(([, path]) => path.replaceAll(/\{[^}]*\}/g, "x")))];
    const verbs = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    const tried = paths.flatMap((path) => verbs.map((verb): Route => [verb, path]));
    const answered: string[] = [];
    let sent = 0;
    for (const entrance of entrances()) {
      const closed = tried.filter(([method, path]) => !opens(entrance, method, path));
      for (const [who, key] of Object.entries(keys)) {
        const wrong = await Promise.all(
          closed.map(
            async ([method, path]) =>
              [`${method} ${path} at ${entrance.name} with ${who}`, await status(entrance, method, path, key)] as const,
          ),
        );
        sent += wrong.length;
        answered.push(...wrong.filter(([, code]) => code !== 404).map(([what, code]) => `${what}: ${code}`));
      }
    }
    assert.deepEqual(answered, []);
    console.info(`      ${known.length} routes of LiteLLM, ${sent} requests`);
  });

  it("answer the master key on the management port only", async () => {
    const master = world().masterKey;
    const [api, task, management] = entrances();
    assert.equal(await status(management!, "GET", "/team/list", master), 200);
    for (const entrance of [api!, task!]) {
      for (const { method, path } of listenerRoutes("management", []).filter(({ caller }) => caller === "functions"))
        assert.equal(await status(entrance, method, path.replaceAll(/\{\w+\}/g, "x"), master), 404, path);
    }
  });

  it("answer functions' routes to the master key only", async () => {
    const answered: string[] = [];
    for (const entrance of entrances()) {
      for (const { method, path } of entrance.open.filter(({ caller }) => caller === "functions")) {
        for (const [who, key] of Object.entries(keys)) {
          const code = await status(entrance, method, path.replaceAll(/\{\w+\}/g, "x"), key);
          if (![401, 403].includes(code)) answered.push(`${method} ${path} at ${entrance.name} with ${who}: ${code}`);
        }
      }
    }
    assert.deepEqual(answered, []);
  });

  it("answer developers' routes with a key only", async () => {
    for (const entrance of entrances()) {
      for (const { method, path } of entrance.open.filter(({ caller }) => caller === "developer")) {
        assert.equal(await status(entrance, method, path, undefined), 401, path);
        assert.equal(
          await status(entrance, method, path, keys["a developer's key"]),
          method === "GET" ? 200 : 400,
          path,
        );
      }
    }
  });

  it("open no WebSocket", async () => {
    const sockets = known
      .filter(([method]) => method === "WEBSOCKET")
      .map(([, path]) => path.replaceAll(/\{[^}]*\}/g, "x"));
    assert.ok(sockets.length > 0);
    for (const entrance of entrances().filter(({ name }) => name.startsWith("a task"))) {
      for (const path of [...sockets, "/v1/chat/completions"]) {
        for (const key of Object.values(keys)) assert.equal(await handshake(entrance, path, key), 403, path);
      }
    }
  });
});
