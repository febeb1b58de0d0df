import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import { createServer as createTcp, type Socket } from "node:net";
import { connect as connectTls, createServer as createTls, type TlsOptions } from "node:tls";
import { langfusePort } from "../../components/observability/functions";
import { clickHousePorts } from "../../components/observability/langfuse/click-house-place";
import { migrationPort, webPort } from "../../components/observability/langfuse/tls";
import { send } from "../../functions/shared/http";
import { accessConfig, complaints, sidecarConfig, startSidecar } from "./support/proxy";
import { certificates, exchange, hosts, until, World } from "./support/world";

type Certificates = Awaited<ReturnType<typeof certificates>>;

/** A server in this process, ended with its connections. */
async function listening(world: World, server: HttpServer | ReturnType<typeof createTcp>, port: number): Promise<void> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => open.add(socket.once("close", () => open.delete(socket))));
  // A client that is refused ends its half with an alert.
  server.on("tlsClientError", () => undefined);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  world.later(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
}

/** Stands where Langfuse's web server does: plain HTTP on the loopback. */
const web = (world: World, port = webPort) =>
  listening(
    world,
    createServer((request, response) => response.end(JSON.stringify({ path: request.url }))),
    port,
  );

describe("HAProxy", () => {
  let world: World;
  let own: Certificates;
  before(async () => {
    own = await certificates();
  });
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.end());

  it("takes every generated configuration without a warning", () => {
    // The files that a configuration names must be there for it to be checked.
    mkdirSync("/run/haproxy", { recursive: true });
    writeFileSync("/run/haproxy/server.pem", `${own.langfuse.certificate}${own.langfuse.privateKey}`);
    const authority = world.file("authority.pem", own.langfuse.chain);
    copyFileSync(authority, "/run/haproxy/authority.pem");
    for (const config of [sidecarConfig(), sidecarConfig(false), accessConfig(authority)])
      assert.equal(complaints(config, world), "", config);
    assert.match(complaints("listen x\n  bind :1\n  server y 127.0.0.1:2 ssl verify required\n", world), /ALERT|WARN/);
  });

  describe("beside Langfuse", () => {
    beforeEach(async () => {
      await Promise.all([world.names(), web(world)]);
      await startSidecar(world, own.langfuse, own.langfuse.chain);
    });
    const url = `https://${hosts.langfuse}:${String(langfusePort)}/api/public/health`;

    it("serves who trusts the trace store's authority", async () => {
      const answer = await send({ method: "GET", url, ca: own.langfuse.chain });
      assert.deepEqual([answer.status, answer.body], [200, { path: "/api/public/health" }]);
    });

    it("is refused by who trusts another authority or the public ones, and under another name", async () => {
      for (const ca of [own.foreign.chain, undefined])
        await assert.rejects(send({ method: "GET", url, ...(ca !== undefined && { ca }) }), /certificate/);
      const other = url.replace(hosts.langfuse, hosts.clickHouse);
      await assert.rejects(send({ method: "GET", url: other, ca: own.langfuse.chain }), /does not match/);
    });

    it("refuses plain HTTP, and TLS before 1.2", async () => {
      await assert.rejects(send({ method: "GET", url: url.replace("https:", "http:") }));
      assert.doesNotMatch(await exchange(langfusePort, "GET / HTTP/1.0\r\n\r\n", () => false), /path/);
      const handshake = (version: "TLSv1.1" | "TLSv1.2") =>
        new Promise<string>((resolve) => {
          const socket = connectTls({
            host: "127.0.0.1",
            port: langfusePort,
            servername: hosts.langfuse,
            ca: own.langfuse.chain,
            minVersion: version,
            maxVersion: version,
            ciphers: "DEFAULT:@SECLEVEL=0",
          });
          socket.once("secureConnect", () => {
            resolve(socket.getProtocol() ?? "");
            socket.destroy();
          });
          socket.once("error", (fault: Error) => resolve(fault.message));
        });
      assert.match(await handshake("TLSv1.1"), /alert|version/);
      assert.equal(await handshake("TLSv1.2"), "TLSv1.2");
    });

    /** A server at ClickHouse's native port that answers each line with its length. */
    const native = (options: TlsOptions | undefined) => {
      const answer = (socket: Socket) => {
        socket.on("error", () => undefined);
        socket.on("data", (chunk: Buffer) => socket.write(`${String(chunk.length)} bytes`));
      };
      return listening(world, options ? createTls(options, answer) : createTcp(answer), clickHousePorts.native);
    };
    const migrate = () => exchange(migrationPort, "migration", (answer) => answer.includes("bytes"));
    const pair = ({ certificate, privateKey }: Certificates["langfuse"]) => ({ cert: certificate, key: privateKey });

    it("opens verified TLS to ClickHouse for the migrations", async () => {
      await native(pair(own.clickHouse));
      // The first look-up of the name may still be on its way.
      await until(async () => (await migrate()) === "9 bytes");
    });

    for (const [what, options] of [
      ["with another authority's certificate", () => pair(own.foreign)],
      ["with the certificate of another name", () => pair(own.langfuse)],
      ["of TLS 1.1", () => ({ ...pair(own.clickHouse), maxVersion: "TLSv1.1" as const, minVersion: "TLSv1" as const })],
      ["without TLS", () => undefined],
    ] as const)
      it(`sends nothing to a ClickHouse ${what}`, async () => {
        let got = 0;
        const tls = options();
        const count = (socket: Socket) => {
          socket.on("error", () => undefined);
          socket.on("data", (chunk: Buffer) => (got += chunk.includes("migration") ? 1 : 0));
        };
        let tried = 0;
        // A plain server answers TLS's first message with words of its own.
        const server = tls ? createTls(tls, count) : createTcp((socket) => (count(socket), socket.end("?\n")));
        server.on("connection", () => (tried += 1));
        await listening(world, server, clickHousePorts.native);
        await until(async () => {
          assert.equal(await migrate(), "");
          return tried > 0;
        });
        assert.equal(got, 0);
      });
  });

  it("finds ClickHouse when its name appears after the start", async () => {
    await web(world);
    await startSidecar(world, own.langfuse, own.langfuse.chain);
    const answer = (socket: Socket) => socket.on("data", () => socket.write("here"));
    await listening(
      world,
      createTls({ cert: own.clickHouse.certificate, key: own.clickHouse.privateKey }, answer),
      clickHousePorts.native,
    );
    const ask = () => exchange(migrationPort, "x", (text) => text === "here");
    assert.equal(await ask(), "");
    await world.names();
    await until(async () => (await ask()) === "here");
  });

  describe("on the access node", () => {
    const start = async (authority: string) => {
      const config = world.file("access.cfg", accessConfig(world.file("authority.pem", authority)));
      await world.names();
      await world.start("access", webPort, ["/usr/sbin/haproxy", "-db", "-f", config]);
    };
    const langfuse = async (of: Certificates["langfuse"]) => {
      const server = createTls({ cert: of.certificate, key: of.privateKey }, (socket) => {
        socket.on("error", () => undefined);
        socket.on("data", () => socket.end("HTTP/1.0 200 OK\r\n\r\nLangfuse"));
      });
      await listening(world, server, langfusePort);
      return server;
    };
    const browse = () => exchange(webPort, "GET / HTTP/1.0\r\n\r\n", () => false);

    it("carries a forwarded port to Langfuse by verified TLS", async () => {
      await Promise.all([start(own.langfuse.chain), langfuse(own.langfuse)]);
      await until(async () => (await browse()).includes("Langfuse"));
    });

    it("carries it nowhere where the certificate is not Langfuse's", async () => {
      const [, server] = await Promise.all([start(own.langfuse.chain), langfuse(own.clickHouse)]);
      let tried = 0;
      server.on("connection", () => (tried += 1));
      await until(async () => {
        assert.equal(await browse(), "");
        return tried > 0;
      });
    });
  });
});
