import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { cacheFile } from "../../cli/connect/cache";
import { exported } from "../../cli/connect/exported";
import { waitFor } from "../cli/connect/process";
import { large, Place } from "./support/place";

const running = { text: "i-0123456789abcdef0\trunning\n" };

describe("the exported script, with AWS's own start-session and plugin", () => {
  let place: Place;
  const groups: number[] = [];
  afterEach(() => {
    place.stop();
    for (const group of groups.splice(0))
      try {
        process.kill(-group, "SIGKILL");
      } catch {
        // It has ended.
      }
  });

  /** Runs the script in a process group of its own, as a terminal does. */
  function start(shell: string, args: readonly string[], input = "", text = exported(place.connection), more = {}) {
    const { world } = place;
    const file = path.join(world.folder, "connect-tanaka");
    writeFileSync(file, text);
    const { env: own } = world.surroundings();
    // A company's proxy, which curl takes for every address that nobody excepts.
    const ALL_PROXY = "http://127.0.0.1:9";
    const env = { ...own, PATH: `${world.folder}:/usr/bin:/bin`, ALL_PROXY, CONNECT_POLL: "0", ...more };
    const child = spawn(shell, [file, ...args], { env, detached: true });
    groups.push(child.pid!);
    let [out, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    // A script that refuses its arguments reads nothing.
    child.stdin.on("error", () => undefined).end(input);
    const done = new Promise<number | null>((resolve) => child.once("close", resolve));
    const interrupt = (): boolean => process.kill(-child.pid!, "SIGINT");
    const hears = async (text: RegExp): Promise<void> => {
      await waitFor(() => text.test(errors) || child.exitCode !== null);
      assert.match(errors, text);
    };
    return { done, out: () => out, errors: () => errors, interrupt, hears };
  }

  for (const shell of ["dash", "bash", "zsh"])
    it(`opens code-server, connects again, ends its session, and asks for one code: ${shell}`, async () => {
      place = await Place.make({ answers: { "ec2 describe-instances": [running] } });
      const { service, world, connection } = place;
      const run = start(shell, ["--no-browser"], "123456\n");
      await run.hears(/code-server: http/);
      const [url = ""] = /http:\S+/.exec(run.errors()) ?? [];
      assert.ok(Buffer.from(await (await fetch(`${url}large`)).arrayBuffer()).equals(large));
      service.sessions[0]!.agent.channel.close();
      await run.hears(/the tunnel dropped[^]*code-server: http/);
      assert.equal((await fetch(`${url}large`)).status, 200);
      run.interrupt();
      assert.equal(await run.done, 0, run.errors());
      assert.deepEqual(
        service.sessions.map(({ gone }) => gone),
        ["call", "call"],
      );
      assert.equal(service.calls[0]?.body["DocumentName"], connection.documents["code-server"]);
      assert.ok(service.calls.every(({ keyId }) => keyId === "ASIATESTONLY"));

      const credentials = start(shell, ["--credentials"]);
      assert.equal(await credentials.done, 0, credentials.errors());
      const { Version, AccessKeyId } = JSON.parse(credentials.out()) as Record<string, unknown>;
      assert.deepEqual([Version, AccessKeyId], [1, "ASIATESTONLY"]);
      const cache = cacheFile(connection, world.surroundings().env);
      assert.equal(statSync(cache).mode & 0o777, 0o600);
      assert.deepEqual(readdirSync(path.dirname(cache)), [path.basename(cache)]);
      const signIns = world.calls().filter(({ args }) => args[0] === "sts");
      assert.equal(signIns.length, 1);
    });

  for (const shell of ["dash", "bash", "zsh"])
    it(`tells a port that another program took meanwhile: ${shell}`, async () => {
      place = await Place.make({ answers: { "ec2 describe-instances": [running] } });
      const { service } = place;
      const other = createServer();
      service.meanwhile = (port) => new Promise((resolve) => void other.listen(port, "127.0.0.1", resolve));
      const run = start(shell, ["--no-browser"], "123456\n");
      const code = await run.done;
      other.close();
      assert.equal(code, 1, run.errors());
      assert.match(run.errors(), /: --port: found \d+, which another program uses; leave it out .*--port\n$/);
      assert.deepEqual([service.actions(), service.sessions[0]?.gone], [["StartSession", "TerminateSession"], "call"]);
      assert.deepEqual(place.processes(), []);
    });

  it("ends a plugin that stays silent, and its session", async () => {
    place = await Place.make({ answers: { "ec2 describe-instances": [running] } });
    const { service, connection } = place;
    service.silent = true;
    const run = start("dash", ["--no-browser"], "123456\n", exported(connection), { CONNECT_WAIT: "20" });
    assert.equal(await run.done, 1, run.errors());
    assert.match(
      run.errors(),
      /: Starting session with [^]*\nsession: refused, or without a port for 20 s, .*operator\n$/,
    );
    assert.deepEqual([service.actions(), service.sessions[0]?.gone], [["StartSession", "TerminateSession"], "call"]);
    assert.deepEqual(place.processes(), []);
  });

  it("serves without curl: by the plugin's words, and its silence", async () => {
    place = await Place.make({ answers: { "ec2 describe-instances": [running] } });
    const { service, world, connection } = place;
    const needed = "sh sed awk grep head tail ls date mkdir chmod mv rm tee sleep cat ps tr".split(" ");
    const bin = path.join(world.folder, "bin");
    mkdirSync(bin);
    for (const name of needed) symlinkSync(`/usr/bin/${name}`, path.join(bin, name));
    const more = { PATH: `${world.folder}:${bin}` };
    const run = start("/usr/bin/dash", ["--no-browser"], "123456\n", exported(connection), more);
    await run.hears(/code-server: http/);
    run.interrupt();
    assert.equal(await run.done, 0, run.errors());
    const other = createServer();
    service.meanwhile = (port) => new Promise((resolve) => void other.listen(port, "127.0.0.1", resolve));
    const second = start("/usr/bin/dash", ["--no-browser"], "", exported(connection), { ...more, CONNECT_WAIT: "20" });
    assert.equal(await second.done, 1);
    other.close();
    assert.match(second.errors(), /--port: found \d+, which another program uses/);
    assert.ok(service.sessions.every(({ gone }) => gone === "call"));
  });

  it("is what shellcheck accepts, holds no credential, and takes another port where one is used", async () => {
    place = await Place.make({ answers: { "ec2 describe-instances": [running] } });
    const { world, connection } = place;
    const text = exported(connection);
    const checked = spawnSync("shellcheck", ["-s", "sh", "-e", "SC2317", "-"], { input: text, encoding: "utf8" });
    assert.equal(checked.status, 0, checked.stdout);
    const used = createServer();
    await new Promise<void>((resolve) => used.listen(0, "127.0.0.1", resolve));
    const { port } = used.address() as AddressInfo;
    const asked = start("dash", ["--no-browser", "--port", String(port)]);
    assert.equal(await asked.done, 1);
    assert.match(asked.errors(), new RegExp(`--port: found ${port}, which another program uses`));
    const run = start(
      "dash",
      ["--no-browser"],
      "123456\n",
      exported(connection).replace(/^\[ -n "\$port" \].*$/m, `port=${port}`),
    );
    await run.hears(/code-server: http/);
    assert.match(run.errors(), new RegExp(`code-server: http://127\\.0\\.0\\.1:${port + 1}/`));
    run.interrupt();
    assert.equal(await run.done, 0, run.errors());
    used.close();
    assert.doesNotMatch(JSON.stringify([run.errors(), world.calls()]), /a-secret-of|a-token-of|ASIATEST(?!ONLY)/);
  });

  it("starts a stopped workspace, and says what stops it", async () => {
    const texts = ["stopped", "pending", "running"].map((state) => ({ text: `i-0123456789abcdef0\t${state}\n` }));
    place = await Place.make({ answers: { "ec2 describe-instances": texts } });
    const { world } = place;
    for (const [args, input, words] of [
      [[], "", /\nMFA code: found no input; .*in a terminal once/],
      [[], "12345\n", /MFA code: found something else \(not shown\)/],
      [["--credentials"], "123456\n", /^MFA code: found no input/],
      [["--port", "80"], "", /^--port: found 80; allowed/],
      [["--what"], "", /^--what: not an option\nusage: /],
    ] as const) {
      const run = start("dash", args, input);
      assert.notEqual(await run.done, 0);
      assert.match(run.errors(), words);
    }
    assert.ok(world.calls().every(({ args }) => args[0] === "--version"));
    const cache = cacheFile(place.connection, world.surroundings().env);
    mkdirSync(path.dirname(cache), { recursive: true });
    const ended = { AccessKeyId: "ASIAOLD", SecretAccessKey: "a", SessionToken: "a" };
    const write = (seconds: number, mode: number): void => {
      const Expiration = new Date(Date.now() + seconds * 1000).toISOString();
      writeFileSync(cache, JSON.stringify({ ...ended, Expiration }), { mode });
    };
    write(3600, 0o644);
    const open = start("dash", ["--credentials"]);
    assert.notEqual(await open.done, 0);
    assert.equal(existsSync(cache), false);
    write(200, 0o600);
    const run = start("dash", ["--no-browser"], "123456\n");
    await run.hears(/starting it[^]*code-server: http/);
    run.interrupt();
    assert.equal(await run.done, 0, run.errors());
    assert.ok(place.service.calls.every(({ keyId }) => keyId === "ASIATESTONLY"));
    assert.equal(world.calls().filter(({ args }) => args[1] === "start-instances").length, 1);
  });
});
