import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inTerminal, startConnect, waitFor } from "../cli/connect/process";
import { exported } from "../../cli/connect/exported";
import { freePort } from "../../cli/connect/health";
import { fixtureStacks, testProject, type TestProject } from "../support/project";
import { Place } from "./support/place";
import { Sshd } from "./support/sshd";

describe("connect as a command, with AWS's own start-session and plugin", () => {
  let project: TestProject;
  let place: Place;
  let sshd: Sshd | undefined;
  const start = (...args: string[]) => startConnect(project, place.world, args);
  afterEach(() => {
    sshd?.stop();
    sshd = undefined;
    place.stop();
    project.remove();
  });

  it("--ssh: ssh itself reaches the workspace's sshd by the lines it wrote, and its tunnel is resumed", async () => {
    sshd = await Sshd.start(await freePort());
    const files = fixtureStacks();
    const [name = "", stack = ""] = Object.entries(files).find(([, text]) => /^ +tanaka:/m.test(text)) ?? [];
    const withKey = stack.replace(/^( +)tanaka:.*$/m, `$1tanaka: { sshPublicKey: "${sshd.publicKey}" }`);
    project = testProject({ ...files, [name]: withKey });
    place = await Place.make({ ports: { "22": sshd.port } });
    const { folder } = place.world;
    const [config, aws] = [path.join(folder, ".ssh/config"), path.join(folder, ".aws/config")];
    mkdirSync(path.dirname(config), { mode: 0o700 });
    writeFileSync(config, "Host other\n  User me\n");
    chmodSync(config, 0o640);
    sshd.giveIdentity(path.dirname(config));

    const run = start("tanaka", "--ssh");
    run.child.stdin.write("123456\n");
    await waitFor(() => /Write these lines\?/.test(run.errors()) || run.child.exitCode !== null);
    const shown = run.errors();
    assert.equal(readFileSync(config, "utf8"), "Host other\n  User me\n");
    run.child.stdin.end("y\n");
    assert.equal(await run.done, 0, run.errors());
    assert.match(run.errors(), /ready: ssh cline-tanaka\n$/);
    const written = readFileSync(config, "utf8");
    for (const line of written.split("\n").filter(Boolean).slice(0, -2)) assert.ok(shown.includes(line), line);
    assert.match(written, /Host other\n {2}User me\n$/);
    assert.deepEqual([statSync(config).mode & 0o777, statSync(aws).mode & 0o777], [0o640, 0o600]);
    assert.doesNotMatch(`${written}${readFileSync(aws, "utf8")}`, /ASIATESTONLY|a-secret|a-token/);

    const ssh = sshd.connect(place.world, config, "cline-tanaka", 'echo ready; read word; echo "heard $word"');
    await waitFor(() => place.service.sessions[0]?.agent.isReady === true);
    await waitFor(() => ssh.out() === "ready\n" || ssh.ended());
    // The plugin writes once more what it could not acknowledge: findings/session-manager-plugin-repeats-unacknowledged-output.sh.
    await waitFor(() => place!.service.sessions[0]?.agent.channel.isQuiet === true);
    place.service.drop();
    await waitFor(() => place.service.sessions[0]?.sockets === 2 || ssh.ended());
    ssh.write("water\n");
    assert.equal(await ssh.done, 0, ssh.errors());
    assert.equal(ssh.out(), "ready\nheard water\n");
    assert.deepEqual(place.service.actions().slice(0, 2), ["StartSession", "ResumeSession"]);
    assert.ok(place.service.calls.every(({ keyId }) => keyId === "ASIATESTONLY"));
    assert.equal(place.service.calls[0]?.body["DocumentName"], place.connection.documents.ssh);

    const again = start("tanaka", "--ssh");
    again.child.stdin.end();
    assert.equal(await again.done, 0, again.errors());
    assert.equal(again.errors(), "ready: ssh cline-tanaka\n");
    assert.equal(readFileSync(config, "utf8"), written);
  });

  // The plugin's shell reads a terminal: without one it sends no keys, and waits for the shell's end.
  for (const way of ["connect", "the exported script"])
    it(`--shell: keys, Ctrl-C and the end of the shell go through the terminal, which stays as it was: ${way}`, async () => {
      project = testProject(fixtureStacks());
      const found = { text: "i-0123456789abcdef0\trunning\n" };
      place = await Place.make(way === "connect" ? {} : { answers: { "ec2 describe-instances": [found] } });
      const { service, world, connection } = place;
      const file = path.join(world.folder, "connect-tanaka");
      writeFileSync(file, exported(connection));
      const command = [process.execPath, "-r", require.resolve("tsx/cjs"), "cli/main.ts", "connect", "tanaka"];
      const { PATH = "", ...env } = world.surroundings().env;
      const seen = await inTerminal(
        { ...env, PATH: `${PATH}:/usr/bin:/bin` },
        [...(way === "connect" ? command : ["sh", file]), "--shell"],
        [
          ["MFA code of .*: ", "123456\r"],
          ["Starting session with SessionId: ", "one\r"],
          ["developer:one", "half a line\u0003"],
          ["\\^C", "exit\r"],
        ],
        project.root,
      );
      assert.deepEqual([seen.code, seen.same], [0, true], seen.text);
      assert.match(seen.text, /developer:one[^]*\^C/);
      assert.deepEqual([service.sessions.length, service.sessions[0]?.agent.ended], [1, "agent"]);
      assert.deepEqual(service.calls[0]?.body, {
        Target: "i-0123456789abcdef0",
        DocumentName: connection.documents.shell,
      });
      assert.deepEqual(place.processes(), []);
    });
});
