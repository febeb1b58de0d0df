import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { clickHouseSettings, planClickHouseData } from "../../components/observability/langfuse/click-house-data";
import { clickHousePorts } from "../../components/observability/langfuse/click-house-place";
import { migrationPort, webPort } from "../../components/observability/langfuse/tls";
import { send } from "../../functions/shared/http";
import { isOpen } from "../gateway/support/server";
import { documented, leaves, toXml, type Leaf, type Yaml } from "./support/click-house";
import { startSidecar } from "./support/proxy";
import { certificates, hosts, until, World } from "./support/world";

/** The settings as the host's user data brings them. */
function deployed(): Yaml {
  const text = planClickHouseData({
    region: "ap-northeast-1",
    image: `111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/cline/example/clickhouse@sha256:${"0".repeat(64)}`,
    passwordSecret: "password",
    retentionDays: 90,
    logGroup: "/cline/example/platform/clickhouse",
    certificateSecret: "certificate",
    host: hosts.clickHouse,
    stack: "platform",
  });
  const { write_files: files } = parse(text) as { write_files: { path: string; content: string }[] };
  const found = files.find((file) => file.path === "/etc/cline/clickhouse/cline.yaml");
  assert.ok(found);
  return parse(found.content) as Yaml;
}

/** Whether a value is what the documentation takes; `undefined` removes a setting. */
function accepted(value: Leaf, form: string): boolean {
  if (value === undefined) return true;
  if (form === "port") return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
  if (form === "boolean") return ["true", "false", "0", "1"].includes(String(value));
  if (form === "path") return path.isAbsolute(String(value));
  if (form === "TTL expression") return /^event_date \+ INTERVAL \d+ DAY DELETE$/.test(String(value));
  if (form.startsWith("list of ")) {
    const known = form.slice("list of ".length).split(",");
    return String(value)
      .split(",")
      .every((each) => known.includes(each));
  }
  return form === "string" ? typeof value === "string" : form.split("|").includes(String(value));
}

describe("ClickHouse", () => {
  it("is given settings that its documentation has, with values that it takes", () => {
    const settings = leaves(deployed());
    assert.deepEqual(deployed(), JSON.parse(JSON.stringify(clickHouseSettings)));
    const unknown = settings.filter(([key, value]) => !accepted(value, documented[key] ?? "nothing"));
    assert.deepEqual(unknown, []);
    assert.deepEqual(
      Object.keys(documented).filter((key) => !settings.some(([each]) => each === key)),
      [],
    );
  });

  describe("as a server", () => {
    let world: World;
    let own: Awaited<ReturnType<typeof certificates>>;

    /** Starts Debian's server with its own files and ours beside them, as the image does. */
    before(async () => {
      world = new World();
      own = await certificates();
      chmodSync(world.folder, 0o755);
      const [etc, data, tls] = ["etc", "data", "tls"].map((name) => path.join(world.folder, name)) as [
        string,
        string,
        string,
      ];
      const unpacked = process.env["CLICKHOUSE_PACKAGE"] ?? "";
      cpSync(path.join(unpacked, "etc/clickhouse-server"), etc, { recursive: true });
      for (const folder of [data, tls, path.join(etc, "config.d"), path.join(data, "tmp")]) mkdirSync(folder);
      writeFileSync(path.join(tls, "server.pem"), own.clickHouse.certificate);
      writeFileSync(path.join(tls, "server.key"), own.clickHouse.privateKey, { mode: 0o600 });
      const settings = JSON.parse(JSON.stringify(deployed()).replaceAll("/etc/clickhouse-server/tls", tls)) as Record<
        string,
        Yaml
      >;
      const xml = toXml("yandex", {
        ...settings,
        // The suite's folders; and the sidecar has the plain port in the one network of this suite, which a container has for itself.
        path: `${data}/`,
        tmp_path: `${data}/tmp/`,
        tcp_port: { "@remove": "1" },
      });
      writeFileSync(path.join(etc, "config.d/cline.xml"), xml);
      await world.names();
      await world.start("clickhouse", clickHousePorts.https, [
        path.join(unpacked, "usr/sbin/clickhouse-server"),
        `--config-file=${path.join(etc, "config.xml")}`,
      ]);
    });
    after(() => world.end());

    const url = `https://${hosts.clickHouse}:${String(clickHousePorts.https)}`;

    it("opens its ports with TLS, and none of the plain ones", () => {
      const listening = execFileSync("ss", ["--listening", "--tcp", "--numeric", "--no-header", "--processes"], {
        encoding: "utf8",
      });
      const ports = listening
        .split("\n")
        .filter((line) => line.includes("clickhouse"))
        .map((line) => Number(/:(\d+)\s/.exec(line)?.[1]));
      assert.deepEqual(ports.sort(), [clickHousePorts.https, clickHousePorts.native]);
    });

    it("answers a query by HTTPS, in UTC, to who trusts the trace store's authority, and to nobody else", async () => {
      const query = `${url}/?query=${encodeURIComponent("SELECT timezone()")}`;
      assert.match(
        String((await send({ method: "GET", url: query, ca: own.clickHouse.chain })).body),
        /^(Etc\/)?UTC\n$/,
      );
      await assert.rejects(send({ method: "GET", url: query, ca: own.foreign.chain }), /certificate/);
      await assert.rejects(
        send({ method: "GET", url: query.replace(hosts.clickHouse, hosts.langfuse), ca: own.clickHouse.chain }),
        /does not match/,
      );
      await assert.rejects(send({ method: "GET", url: query.replace("https:", "http:") }));
    });

    it("refuses TLS before 1.2 on both ports", () => {
      for (const port of Object.values(clickHousePorts)) {
        const handshake = (version: string) =>
          spawnSync(
            "openssl",
            ["s_client", "-connect", `127.0.0.1:${String(port)}`, version, "-cipher", "DEFAULT:@SECLEVEL=0"],
            { input: "", encoding: "utf8" },
          ).stdout;
        assert.match(handshake("-tls1_1"), /Cipher is \(NONE\)/, String(port));
        assert.match(handshake("-tls1_2"), /Cipher is ECDHE/, String(port));
      }
    });

    it("takes a client's native protocol through the sidecar, which verifies it", async () => {
      // Debian's client speaks to the loopback without TLS, as Langfuse's migrations do.
      const client = () =>
        spawnSync(
          "clickhouse-client",
          ["--host", "127.0.0.1", "--port", String(migrationPort), "--query", "SELECT 40 + 2"],
          { encoding: "utf8" },
        ).stdout.trim();
      const sidecar = await startSidecar(world, own.langfuse, own.clickHouse.chain);
      assert.ok(!(await isOpen(webPort)));
      await until(() => Promise.resolve(client() === "42"));
      await sidecar.stop();
      const wrong = await startSidecar(world, own.langfuse, own.foreign.chain);
      for (let attempt = 0; attempt < 2; attempt += 1) assert.equal(client(), "");
      await wrong.stop();
    });
  });
});
