import assert from "node:assert/strict";
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { awsConfigFile, refuseOwnProfile } from "../../../cli/connect/aws-config";
import { blockText, rewrite, withBlock, type Block } from "../../../cli/connect/block";
import { planConnection, sessionCommand, type Connection } from "../../../cli/connect/plan";
import { openSsh, planSsh, sshMachine } from "../../../cli/connect/ssh";
import { ConnectFault } from "../../../cli/connect/surroundings";
import { typed } from "../../../cli/typed";
import { departmentSpec } from "../../support/specs";
import { instance, session, World } from "./world";

const key = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from("ssh-ed25519"),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 7),
]).toString("base64")}`;
const id = "i-0123456789abcdef0";

function connectionOf(): Connection {
  const spec = departmentSpec({ "cline:department": { developers: { tanaka: { sshPublicKey: key } } } });
  return planConnection(
    spec,
    spec.department!.developers.find((developer) => developer.id === "tanaka")!,
  );
}

describe("connect: the block in a file", () => {
  const block: Block = { file: "config", name: "tanaka", lines: ["Host a", "  User b"], place: "first" };
  const other = "Host other\r\n  User me\n\n\n# >>> cline-landing-zone suzuki: mine\n# end";

  it("goes first or last, and leaves every other byte as it is", () => {
    assert.equal(withBlock("", block), blockText(block));
    assert.equal(withBlock(other, block), `${blockText(block)}\n${other}`);
    assert.equal(withBlock(other, { ...block, place: "last" }), `${other}\n\n${blockText(block)}`);
    assert.equal(withBlock(`${other}\n`, { ...block, place: "last" }), `${other}\n\n${blockText(block)}`);
  });

  it("replaces its older form where it stands, and another person's never", () => {
    const suzuki = blockText({ ...block, name: "suzuki" });
    const around = (lines: readonly string[]): string =>
      `before\n${suzuki}${blockText({ ...block, lines })}after\n${other}`;
    for (const place of ["first", "last"] as const) {
      const text = around(["Host old", "  $& $1"]);
      assert.equal(withBlock(text, { ...block, place }), around(block.lines));
      assert.equal(withBlock(around(block.lines), { ...block, place }), around(block.lines));
    }
  });

  it("is refused where its marks are incomplete, doubled or out of order", () => {
    const [begin = "", , , end = ""] = blockText(block).split("\n");
    for (const text of [begin, end, `${end}\n${begin}`, `${begin}\n${begin}\n${end}`, `${begin}\n${end}\n${end}`])
      assert.throws(
        () => withBlock(text, block),
        /^ConnectFault: config: found the marks of tanaka incomplete, or twice/,
      );
  });
});

describe("connect --ssh", () => {
  let world: World;
  let connection: Connection;
  const files = (): [string, string] =>
    [".ssh/config", ".aws/config"].map((name) => path.join(world.folder, name)) as [string, string];
  const machine = () => sshMachine(connection, world.surroundings().env, ["/a b/node", "it's", "100%"]);
  const open = (): Promise<boolean> => openSsh(connection, world.surroundings(), machine());
  const read = (): string[] => files().map((file) => readFileSync(file, "utf8"));
  beforeEach(() => {
    world = new World({
      answers: { "sts assume-role": [session(14_400)], "ec2 describe-instances": [instance("running")] },
      sessions: [],
    });
    world.codes = ["123456", "y"];
    connection = connectionOf();
  });
  afterEach(() => world.remove());

  it("shows the lines, asks, and writes them: the SSH document as ProxyCommand, by a profile of its own", async () => {
    assert.equal(await open(), true);
    const called = world.calls().map(({ args }) => args[1]);
    assert.deepEqual(called, ["assume-role", "describe-instances"]);
    const [ssh = "", aws = ""] = read();
    const proxy = typed([
      ...sessionCommand(connection, "ssh", id),
      "--region",
      "ap-northeast-1",
      "--profile",
      "cline-tanaka",
    ]);
    assert.deepEqual(ssh.split("\n").slice(1, -2), [
      "Host cline-tanaka",
      "  User developer",
      `  HostKeyAlias ${id}`,
      "  StrictHostKeyChecking accept-new",
      `  ProxyCommand ${proxy}`,
      "Host *",
    ]);
    assert.deepEqual(aws.split("\n").slice(1, -2), [
      "[profile cline-tanaka]",
      "region = ap-northeast-1",
      `credential_process = '/a b/node' 'it'\\''s' 100%`,
    ]);
    const said = world.said.join("\n");
    for (const text of [ssh, aws]) assert.ok(said.includes(text));
    assert.deepEqual(
      files().map((file) => statSync(file).mode & 0o777),
      [0o600, 0o600],
    );
    assert.doesNotMatch(`${ssh}${aws}${said}`, /ASIATESTONLY|a-secret|a-token/);
  });

  it("writes nothing without a yes", async () => {
    for (const answer of ["", "n", "yep", undefined]) {
      world.codes = ["123456", answer];
      assert.equal(await open(), false);
      assert.throws(read, /ENOENT/);
      world.codes = [answer];
    }
  });

  it("asks again only where the lines differ, and changes no other line, mode or link", async () => {
    const [ssh, aws] = files();
    mkdirSync(path.dirname(ssh));
    mkdirSync(path.dirname(aws));
    const real = path.join(world.folder, "dotfiles");
    writeFileSync(real, "Compression yes\nHost mine\n", { mode: 0o644 });
    symlinkSync(real, ssh);
    writeFileSync(aws, "[default]\nregion = eu-west-1", { mode: 0o640 });
    await open();
    const before = read();
    assert.ok(
      before[0]!.endsWith("\n\nCompression yes\nHost mine\n") &&
        before[1]!.startsWith("[default]\nregion = eu-west-1\n"),
    );
    assert.deepEqual(
      [lstatSync(ssh).isSymbolicLink(), statSync(real).mode & 0o777, statSync(aws).mode & 0o777],
      [true, 0o644, 0o640],
    );
    const asked = world.asked.length;
    assert.equal(await open(), true);
    assert.deepEqual([world.asked.length, read()], [asked, before]);
    world.script = {
      answers: { "ec2 describe-instances": [instance("running", "i-0fedcba9876543210")] },
      sessions: [],
    };
    assert.equal(await open(), true);
    assert.deepEqual(read(), [before[0]!.replaceAll(id, "i-0fedcba9876543210"), before[1]]);
  });

  it("keeps every byte that the person wrote, also while the question stood", async () => {
    const [ssh] = files();
    mkdirSync(path.dirname(ssh));
    const umlaut = Buffer.from("# B\xfcro \xe4\n", "latin1");
    writeFileSync(ssh, Buffer.concat([umlaut, Buffer.from("# 東京\n")]));
    const at = world.surroundings();
    const command = ["/home/田中/node"];
    const meanwhile = Buffer.from("Host meanwhile \xff\n", "latin1");
    const asked = {
      ...at,
      ask: (question: string) => {
        if (/Write/.test(question)) appendFileSync(ssh, meanwhile);
        return at.ask(question);
      },
    };
    assert.equal(await openSsh(connection, asked, sshMachine(connection, at.env, command)), true);
    const written = readFileSync(ssh);
    const rest = Buffer.concat([Buffer.from("\n"), umlaut, Buffer.from("# 東京\n"), meanwhile]);
    assert.ok(written.subarray(-rest.length).equals(rest));
    assert.ok(readFileSync(files()[1], "utf8").includes("'/home/田中/node'"));
    const asks = world.asked.length;
    assert.equal(await openSsh(connection, at, sshMachine(connection, at.env, command)), true);
    assert.deepEqual([world.asked.length, readFileSync(ssh).equals(written)], [asks, true]);
  });

  it("refuses what came into the file while the question stood", async () => {
    const at = world.surroundings();
    const asked = {
      ...at,
      ask: (question: string) => {
        if (/Write/.test(question)) {
          mkdirSync(path.dirname(files()[0]), { recursive: true });
          writeFileSync(files()[0], "Host cline-tanaka\n");
        }
        return at.ask(question);
      },
    };
    await assert.rejects(openSsh(connection, asked, machine()), /found cline-tanaka outside this command's lines/);
    assert.equal(readFileSync(files()[0], "utf8"), "Host cline-tanaka\n");
  });

  it("removes what a killed run left, and leaves nothing where it cannot write", async () => {
    const folder = path.join(world.folder, ".ssh");
    mkdirSync(folder);
    const [old, young] = [".config.cline-1", ".config.cline-2"].map((name) => path.join(folder, name));
    for (const file of [old!, young!]) writeFileSync(file, "Host half");
    utimesSync(old!, 0, 0);
    await open();
    assert.deepEqual(readdirSync(folder).sort(), [".config.cline-2", "config"]);
    rmSync(young!);
    rmSync(path.join(folder, "config"));
    mkdirSync(path.join(folder, "config/inside"), { recursive: true });
    assert.throws(() => rewrite(path.join(folder, "config"), "text"), /ConnectFault: .*config: cannot be written/);
    assert.deepEqual(readdirSync(folder), ["config"]);
  });

  it("takes AWS's configuration where the command line takes it, and refuses what depends on the folder", () => {
    const env = { HOME: "/home/a" };
    assert.equal(awsConfigFile(env), "/home/a/.aws/config");
    assert.equal(awsConfigFile({ ...env, AWS_CONFIG_FILE: "~/aws" }), "/home/a/aws");
    assert.equal(awsConfigFile({ ...env, AWS_CONFIG_FILE: "/etc/aws" }), "/etc/aws");
    for (const [AWS_CONFIG_FILE, found] of [
      ["", "an empty text"],
      ["aws", "aws"],
      ["~other/aws", "~other/aws"],
      ["/home/$USER/aws", "/home/$USER/aws"],
    ] as const)
      assert.throws(
        () => awsConfigFile({ ...env, AWS_CONFIG_FILE }),
        (error) => error instanceof ConnectFault && error.message.startsWith(`AWS_CONFIG_FILE: found ${found};`),
      );
  });

  it("names the private key beside the declared public one", async () => {
    const folder = path.join(world.folder, ".ssh");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "a.pub"), "ssh-ed25519 AAAA other\n");
    mkdirSync(path.join(folder, "folder.pub"));
    const declared = path.join(folder, "work 50%.pub");
    writeFileSync(declared, `${key} tanaka@laptop\n`);
    await open();
    assert.match(read()[0]!, new RegExp(`\\n {2}IdentityFile "${folder}/work 50%%"\\n {2}IdentitiesOnly yes\\n`));
    for (const name of ['a"b', "a${HOME}", "a\\b"]) {
      rmSync(declared, { force: true });
      const odd = path.join(folder, `${name}.pub`);
      writeFileSync(odd, key);
      await assert.rejects(
        open,
        (error) => error instanceof ConnectFault && error.message.includes(`key ${odd.slice(0, -4)},`),
      );
      rmSync(odd);
    }
  });

  it("refuses a host or a profile of that name which is another's", async () => {
    const [ssh, aws] = files();
    for (const [file, text] of [
      [ssh, "Host a cline-tanaka\n"],
      [aws, "[profile cline-tanaka]\n"],
    ] as const) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
      await assert.rejects(
        open,
        (error) => error instanceof ConnectFault && /found cline-tanaka outside/.test(error.message),
      );
      assert.equal(readFileSync(file, "utf8"), text);
      writeFileSync(file, text.replace("cline-tanaka", "my-cline-tanaka"));
    }
    assert.equal(await open(), true);
  });

  it("makes a profile that nothing signs in by: it would ask itself for credentials", async () => {
    await open();
    const refuse = (env: NodeJS.ProcessEnv): void =>
      refuseOwnProfile(connection, { ...world.surroundings().env, ...env });
    const words =
      /^ConnectFault: AWS_PROFILE: found cline-tanaka, .*needed the profile with the access key of the IAM user tanaka/;
    assert.throws(() => refuse({ AWS_PROFILE: "cline-tanaka" }), words);
    assert.throws(() => refuse({ AWS_PROFILE: "mine", AWS_DEFAULT_PROFILE: "cline-tanaka" }), words);
    const [, aws] = files();
    writeFileSync(aws, readFileSync(aws, "utf8").replaceAll("\n", "\r\n"));
    assert.throws(() => refuse({ AWS_PROFILE: "cline-tanaka" }), words);
    for (const AWS_PROFILE of [undefined, "cline", "cline-suzuki"]) refuse({ AWS_PROFILE });
    writeFileSync(aws, `${readFileSync(aws, "utf8")}[profile cline-suzuki]\nregion = eu-west-1\n`);
    refuse({ AWS_PROFILE: "cline-suzuki" });
  });

  it("reads % as itself in the ProxyCommand", () => {
    const [, block] = planSsh({ ...connection, documents: { ...connection.documents, ssh: "a%b" } }, id, machine());
    assert.match(block!.lines.join("\n"), /--document-name a%%b /);
  });
});
