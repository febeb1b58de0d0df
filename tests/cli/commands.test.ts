import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stackConfig } from "../../cli/stack-config";
import type { PreviewDocument } from "../../reports";
import { fixtures, fixtureStacks, testProject, type TestProject } from "../support/project";

/** A project without .git, whose node_modules is a link, with a small program and the fixture stack files. */
function project(): TestProject {
  const made = testProject(fixtureStacks());
  cpSync(path.join(__dirname, "fixtures/index.ts"), path.join(made.root, "index.ts"));
  return made;
}

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const preview = (folder: string, ...args: string[]): Promise<Result> => command(folder, "preview", ...args);

function command(folder: string, ...args: string[]): Promise<Result> {
  const child = spawn(process.execPath, ["-r", require.resolve("tsx/cjs"), "cli/main.ts", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}

const department = (developers: string): string =>
  `config:\n  aws:region: ap-northeast-1\n  cline:sharedFrom: platform\n  cline:department:\n    lead: carol\n    developers: ${developers}\n`;

describe("npm run preview", function () {
  // Each run starts a process per stack and one for the pack: seconds, and many more on a machine with other work.
  this.timeout(300_000);
  let folder: string;
  let remove: () => void;
  before(() => {
    ({ root: folder, remove } = project());
  });
  after(() => remove());

  it("prints one JSON document and nothing else on standard output, the same bytes in every run", async () => {
    const [first, second] = [await preview(folder, "--json"), await preview(folder, "--json")];
    assert.equal(first.out, second.out);
    const { stacks } = JSON.parse(first.out) as PreviewDocument;
    assert.deepEqual(
      stacks.map((stack) => stack.stack),
      ["data-science", "engineering", "platform"],
    );
    for (const stack of stacks) {
      assert.deepEqual(stack.notes, [`stack ${stack.stack}`]);
      for (const resource of stack.resources)
        assert.deepEqual(Object.keys(resource), ["urn", "type", "name", "parent", "inputs"]);
    }
    const [dataScience, , platform] = stacks;
    assert.equal(platform?.outputs["keyArn"], "[unknown]");
    const volume = dataScience?.resources.find((resource) => resource.name === "kimura-home");
    assert.match(String(volume?.inputs["kmsKeyId"]), /^arn:aws:kms:ap-northeast-1:111122223333:key\//);
    assert.ok(Object.values(dataScience?.passed ?? {}).some((count) => count > 0));
  });

  it("counts the same resources while it works and in the text", async () => {
    const { out, err } = await preview(folder, "data-science");
    const count = (text: string) => /^data-science[: ] (?: )?(\d+) resources/m.exec(text)?.[1];
    assert.ok(count(out) !== undefined);
    assert.equal(count(err), count(out));
  });

  it("lists ids and outputs as deployed, tells the program that it is no real deployment, and takes levels from a file", async () => {
    const levels = path.join(folder, "policy-config.json");
    writeFileSync(levels, JSON.stringify({ all: "advisory" }));
    const { code, out, err } = await preview(folder, "platform", "--json", "--as-deployed", "--policy-config", levels);
    assert.equal(code, 0, err);
    const [platform] = (JSON.parse(out) as PreviewDocument).stacks;
    const key = platform?.resources.find((resource) => resource.name === "key");
    assert.ok(platform && key?.outputs);
    assert.match(key.id ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-/);
    assert.equal(key.outputs["arn"], `arn:aws:kms:ap-northeast-1:111122223333:key/${key.id ?? ""}`);
    assert.equal(platform.outputs["keyArn"], key.outputs["arn"]);
    assert.equal(platform.outputs["offline"], "true");
  });

  it("refuses a mandatory violation with exit code 1, and names the line of the program", async () => {
    writeFileSync(path.join(folder, "stacks/Pulumi.design.yaml"), department("{ mallory: {} }"));
    const report = path.join(folder, "report.sarif");
    const [text, sarif] = [
      await preview(folder, "design"),
      await preview(folder, "design", "--format", "sarif", "--out", report),
    ];
    rmSync(path.join(folder, "stacks/Pulumi.design.yaml"));
    assert.equal(text.code, 1, text.err);
    assert.match(text.out, /mandatory {2}net-no-public-ssh/);
    assert.match(text.out, /SecurityGroup open {2}index\.ts:22/);
    assert.doesNotMatch(text.out, new RegExp(String.fromCharCode(27)), "no colours into a pipe");
    assert.deepEqual([sarif.code, sarif.out], [1, ""]);
    assert.match(readFileSync(report, "utf8"), /net-no-public-ssh/);
  });

  it("stops at a fault in any stack file, tells them all, and runs nothing", async () => {
    const file = path.join(folder, "stacks/Pulumi.design.yaml");
    writeFileSync(file, department("{ Mallory: {}, bob: { models: [opus] } }"));
    const documents = ["markdown", "sarif", "junit", "json"].map(
      (format) => `${format}=${path.join(folder, `fault.${format}`)}`,
    );
    const formats = documents.flatMap((document) => ["--format", document]);
    const { code, out, err } = await preview(folder, "platform", "--format", "text", ...formats);
    rmSync(file);
    assert.deepEqual([code, out], [2, ""]);
    for (const document of documents) {
      const text = readFileSync(document.split("=")[1] ?? "", "utf8");
      for (const word of [/Pulumi\.design\.yaml/, /developers\.Mallory/]) assert.match(text, word, document);
    }
    assert.match(err, /Pulumi\.design\.yaml {2}cline:department\.developers\.Mallory/);
    assert.match(err, /bob\.models\[0\]: found "opus"/);
    assert.doesNotMatch(err, /resources/);
  });

  it("shows the whole preview, and why, when the base cannot be previewed", async () => {
    const base = mkdtempSync(path.join(tmpdir(), "base-"));
    mkdirSync(path.join(base, "stacks"));
    writeFileSync(path.join(base, "stacks/Pulumi.platform.yaml"), "config: {}\n");
    const { code, out, err } = await preview(folder, "platform", "--base", base, "--format", "markdown");
    rmSync(base, { recursive: true });
    assert.notEqual(code, 2, err);
    assert.match(
      out,
      /^<!-- cline:preview -->\nThe base \(.*\) cannot be previewed, so that nothing is compared: .*Pulumi\\?\.platform/,
    );
    assert.match(out, /## . Policy preview/);
  });

  it("prints what the program threw and where, with exit code 2", async () => {
    const file = path.join(folder, "stacks/Pulumi.design.yaml");
    writeFileSync(file, department("{ boom: {} }"));
    const { code, out, err } = await preview(folder, "design");
    rmSync(file);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /the program broke\n {4}at .*index\.ts:26/);
  });

  it("says how it is called when it is called in another way", async () => {
    const [stack, format, flag, help] = await Promise.all([
      preview(folder, "nowhere"),
      preview(folder, "--format", "pdf"),
      preview(folder, "--jason"),
      preview(folder, "--help"),
    ]);
    assert.match(stack.err, /no stack file for nowhere; there are data-science, engineering, platform/);
    assert.match(format.err, /--format: found pdf; allowed text, json, markdown/);
    assert.match(flag.err, /^--jason: found an unknown option; .*did you mean --json\?\n\nnpm run preview /);
    assert.deepEqual([stack.code, format.code, flag.code, help.code], [2, 2, 2, 0]);
    assert.match(help.out, /--as-deployed/);
  });
});

describe("npm run audit", function () {
  this.timeout(300_000);
  it("judges what is deployed by the same policies, without running a program", async () => {
    const { root: folder, remove } = project();
    const urn = (type: string, name: string) => `urn:pulumi:engineering::cline::${type}::${name}`;
    const resources = [
      { urn: urn("pulumi:pulumi:Stack", "cline-engineering"), type: "pulumi:pulumi:Stack", outputs: { a: 1 } },
      {
        urn: urn("aws:ec2/securityGroup:SecurityGroup", "open"),
        type: "aws:ec2/securityGroup:SecurityGroup",
        custom: true,
        id: "sg-1",
        parent: urn("pulumi:pulumi:Stack", "cline-engineering"),
        inputs: { ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"], self: false }] },
        outputs: {},
      },
    ];
    const file = path.join(folder, "state.json");
    writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources } }));
    const unknown = path.join(folder, "unknown.json");
    writeFileSync(unknown, readFileSync(file, "utf8").replaceAll("urn:pulumi:engineering::", "urn:pulumi:elsewhere::"));
    const [found, missing, none] = await Promise.all([
      command(folder, "audit", "--state", file, "--state", unknown, "--json"),
      command(folder, "audit", "--state", "nowhere.json"),
      command(folder, "audit"),
    ]);
    remove();
    assert.equal(found.code, 1, found.err);
    const [elsewhere, stack] = (JSON.parse(found.out) as PreviewDocument).stacks;
    assert.deepEqual([elsewhere?.stack, stack?.stack], ["elsewhere", "engineering"]);
    assert.match(
      String(elsewhere?.notes),
      /^no stack file of this name is read: .* is refused\. Name them with --policy-config\.$/,
    );
    assert.deepEqual(stack?.notes, []);
    assert.ok(
      stack.violations.some(
        (v) => v.policy === "net-no-public-ssh" && v.urn.endsWith("::open") && v.level === "mandatory",
      ),
    );
    assert.deepEqual([missing.code, none.code], [2, 2]);
    assert.match(missing.err, /--state: ENOENT.*nowhere\.json/);
    assert.match(none.err, /npm run audit -- --state FILE/);
  });
});

describe("a stack file's configuration", () => {
  it("gives keys the project's namespace and turns everything that is no text into JSON", () => {
    const config = stackConfig(fixtures, "cline", "platform");
    assert.equal(config["aws:region"], "ap-northeast-1");
    assert.equal(config["aws:allowedAccountIds"], '["111122223333"]');
    assert.deepEqual(JSON.parse(config["cline:gateway"] ?? ""), { minTasks: 2, maxTasks: 8 });
  });
});
