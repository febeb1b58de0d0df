import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { sessionCommand, planConnection } from "../../../cli/connect/plan";
import { blockText } from "../../../cli/connect/block";
import { loadStackFiles } from "../../../config";
import { fixtureStacks, testProject, type TestProject } from "../../support/project";
import { inTerminal, startConnect, waitFor } from "./process";
import { instance, session, World } from "./world";

describe("connect as a command", () => {
  let project: TestProject;
  let world: World;
  before(() => {
    project = testProject(fixtureStacks());
    world = new World({
      answers: { "sts assume-role": [session(14_400)], "ec2 describe-instances": [instance("running")] },
      sessions: ["serve"],
    });
    const browser = path.join(world.folder, "xdg-open");
    writeFileSync(browser, `#!/bin/sh\necho "$1" > "${world.folder}/browsed"\n`);
    chmodSync(browser, 0o755);
  });
  after(() => {
    project.remove();
    world.remove();
  });

  const start = (...args: string[]) => startConnect(project, world, args);

  it("asks for the code, opens code-server and the browser, and ends by Ctrl-C with its session", async () => {
    const run = start("tanaka");
    run.child.stdin.end("123456\n");
    await waitFor(() => /code-server: http/.test(run.errors()) || run.child.exitCode !== null);
    const browsed = path.join(world.folder, "browsed");
    await waitFor(() => existsSync(browsed) || run.child.exitCode !== null);
    run.child.kill("SIGINT");
    assert.equal(await run.done, 0, run.errors());
    assert.match(run.errors(), /MFA code of arn:aws:iam::111122223333:mfa\/tanaka: /);
    assert.equal(run.errors().includes(readFileSync(browsed, "utf8").trim()), true);
    assert.equal(run.out(), "");
    assert.deepEqual(world.events().at(-1), ["SIGINT"]);
  });

  it("opens a shell in this terminal, with the shell's exit code, and asks no code again", async () => {
    const before = world.calls().length;
    const run = start("tanaka", "--shell");
    run.child.stdin.end();
    assert.equal(await run.done, 7, run.errors());
    assert.match(run.out(), /a shell/);
    const spec = loadStackFiles(fixtureStacks()).find(({ stack }) => stack === "engineering")!;
    const developer = spec.department!.developers.find(({ id }) => id === "tanaka")!;
    const shell = sessionCommand(planConnection(spec, developer), "shell", "i-0123456789abcdef0");
    const [find, opened, ...more] = world.calls().slice(before);
    assert.deepEqual([find?.args[1], more], ["describe-instances", []]);
    assert.deepEqual(opened?.args, [...shell, "--region", "ap-northeast-1"]);
  });

  it("is one line and exit code 1 where it cannot connect, and every fault of the call with 2", async () => {
    const unsaid = start("suzuki");
    unsaid.child.stdin.end();
    assert.equal(await unsaid.done, 1);
    assert.match(unsaid.errors(), /\nMFA code: found no input; .* later runs use the session\n$/);
    const keyless = start("tanaka", "--ssh");
    assert.equal(await keyless.done, 2);
    assert.match(
      keyless.errors(),
      /^--ssh: found no SSH key of tanaka; needed .*Pulumi\.engineering\.yaml and deploy it\n$/,
    );
    const other = start("tanaka", "--print", "--mfa", "arn:aws:iam::999988887777:mfa/tanaka");
    assert.equal(await other.done, 2);
    assert.match(other.errors(), /^--mfa: found a device of account 999988887777; allowed one of 111122223333/);
    const wrong = start("tanaka", "suzuki", "--port", "80", "--mfa", "x", "--print", "--shell");
    assert.equal(await wrong.done, 2);
    for (const fault of [
      /^PERSON: found tanaka and suzuki/,
      /^--shell, --print: found all; allowed one/m,
      /^--port: found 80;/m,
      /^--mfa: found x;/m,
    ])
      assert.match(wrong.errors(), fault);
  });

  it("ends by Ctrl-C at the question, in a terminal and by a signal, and leaves the terminal as it was", async () => {
    const command = [process.execPath, "-r", require.resolve("tsx/cjs"), "cli/main.ts", "connect", "suzuki"];
    const { env } = world.surroundings();
    const { code, text, same } = await inTerminal(env, command, [["MFA code of .*: ", "\u0003"]], project.root);
    assert.deepEqual([code, same], [1, true]);
    const plain = stripVTControlCharacters(text).replaceAll("\r", "");
    assert.match(plain, /^MFA code of \S+: (MFA code of \S+: )*\nstopped before the workspace was open\n$/);
    const piped = start("suzuki");
    await waitFor(() => /MFA code/.test(piped.errors()) || piped.child.exitCode !== null);
    piped.child.kill("SIGTERM");
    assert.equal(await piped.done, 1);
    assert.match(piped.errors(), /\nstopped before the workspace was open\n$/);
  });

  it("--credentials asks nobody: one line, no document, and neither input nor the profile of its own making", async () => {
    const unasked = start("suzuki", "--credentials");
    unasked.child.stdin.end("123456\n");
    assert.equal(await unasked.done, 1);
    assert.equal(unasked.out(), "");
    assert.match(unasked.errors(), /^MFA code: found no input; .*\n$/);
    const config = path.join(world.folder, "aws-config");
    const block = { file: config, name: "tanaka", lines: ["[profile tanaka]"], place: "last" } as const;
    writeFileSync(config, blockText(block));
    const before = world.calls().length;
    for (const wish of ["--credentials", "--shell"]) {
      const own = startConnect(project, world, ["tanaka", wish], { AWS_CONFIG_FILE: config });
      assert.equal(await own.done, 1);
      assert.match(own.errors(), /^AWS_PROFILE: found tanaka, which holds the session that this command makes; .*\n$/);
    }
    const kept = start("tanaka", "--credentials");
    assert.equal(await kept.done, 0, kept.errors());
    assert.match(kept.out(), /^\{"Version":1,"AccessKeyId":"ASIATESTONLY",.*\}\n$/);
    assert.equal(world.calls().length, before);
  });

  it("loads neither Pulumi nor the components, which take seconds", async () => {
    const script =
      'process.argv = ["node", "main", "connect", "tanaka", "--print"]; process.on("exit", () => console.error(Object.keys(require.cache).join("\\n"))); require("./cli/main.ts")';
    const child = spawn(process.execPath, ["-r", require.resolve("tsx/cjs"), "-e", script], { cwd: project.root });
    let loaded = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (loaded += text));
    await new Promise((resolve) => child.once("close", resolve));
    const files = loaded.split("\n");
    assert.ok(files.some((file) => file.endsWith("cli/connect/plan.ts")));
    assert.deepEqual(
      files.filter((file) => /node_modules\/@?pulumi|@aws-sdk/.test(file)),
      [],
    );
    const components = files.filter((file) => file.includes("/components/")).map((file) => path.basename(file));
    assert.deepEqual(components.sort(), ["foundation.ts", "traces.ts", "user.ts"]);
    assert.ok(files.every((file) => !file.includes("/reports/")));
  });
});
