import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isHealthy } from "../../cli/connect/health";
import { codeServer } from "../../cli/connect/service";
import { editor, planEditorDoor } from "../../components/workspace/editor-door";
import { freePort } from "../gateway/support/server";

/** The real HAProxy with the workspace's configuration before a server that answers everybody. */
describe("the editor's door", () => {
  let folder: string;
  let port: number;
  let server: Server;
  let door: ChildProcess;
  const got: IncomingMessage[] = [];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "cline-door-"));
    port = await freePort();
    const socket = path.join(folder, "code-server.sock");
    writeFileSync(path.join(folder, "editor.cfg"), planEditorDoor({ ...editor, port, socket }));
    server = createServer((asked, response) => {
      got.push(asked);
      response.end('{"status":"alive"}');
    });
    server.on("upgrade", (asked: IncomingMessage, connection) => {
      got.push(asked);
      // RFC 6455: HAProxy checks it.
      const accept = createHash("sha1")
        .update(`${asked.headers["sec-websocket-key"] ?? ""}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest("base64");
      connection.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      connection.pipe(connection);
    });
    server.listen(socket);
    door = spawn("/usr/sbin/haproxy", ["-db", "-f", path.join(folder, "editor.cfg")], { stdio: "inherit" });
    for (let tries = 0; tries < 600 && !(await isHealthy(codeServer, port, 1000)); tries++) await sleep(100);
  });
  after(() => {
    door.kill("SIGKILL");
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const ask = (headers: Readonly<Record<string, string>>): Promise<number> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: editor.address, port, path: "/", headers, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.once("error", reject).once("upgrade", ({ statusCode = 0 }, connection) => {
        connection.destroy();
        resolve(statusCode);
      });
      asked.end();
    });

  const upgrade = {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": Buffer.alloc(16, 1).toString("base64"),
  };

  it("is configured as HAProxy takes it without a warning", () => {
    const checked = spawnSync("/usr/sbin/haproxy", ["-c", "-dW", "-f", path.join(folder, "editor.cfg")], {
      encoding: "utf8",
    });
    assert.equal(checked.status, 0, checked.stderr);
  });

  it("lets the names of a forward in, on any port, and `connect`'s own question", async () => {
    for (const host of ["127.0.0.1", "127.0.0.1:8080", "localhost:49152", "LocalHost:8080"])
      assert.equal(await ask({ host }), 200, host);
    assert.equal(await isHealthy(codeServer, port, 10_000), true);
    assert.equal(await ask({ host: "localhost:1", ...upgrade, origin: "http://localhost:1" }), 101);
    // code-server compares the two.
    assert.deepEqual([got.at(-1)?.headers.host, got.at(-1)?.headers.origin], ["localhost:1", "http://localhost:1"]);
  });

  it("gives nothing to a page whose name was resolved to the loopback", async () => {
    const before = got.length;
    for (const name of [
      "page.example.com",
      "127.0.0.1.example.com",
      "localhost.example.com",
      "127a0b0c1",
      "evil-localhost",
      "localhost@page.example.com",
      "127.0.0.1, page.example.com",
      "169.254.169.254",
      "[::ffff:127.0.0.1]",
    ])
      for (const host of [name, `${name}:${String(port)}`]) {
        assert.notEqual(await ask({ host }), 200, host);
        assert.notEqual(await ask({ host, ...upgrade, origin: `http://${host}` }), 101, host);
      }
    assert.equal(got.length, before);
  });
});
