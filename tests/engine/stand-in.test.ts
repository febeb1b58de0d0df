import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runInProcess } from "../../offline/in-process";
import program from "./fixture";
import type { CommandResult } from "./support/command";
import { bench } from "./support/hooks";
import { succeeded } from "./support/expect";
import { changesIn, deploymentOf, differences, fromPreview, fromState } from "./support/state";
import { root, sharedFolder } from "./support/workbench";

const withRules = existsSync(path.join(sharedFolder, "provider-rules.json"));
const runsWithoutRules = (): void =>
  console.log(`      ${path.relative(root, sharedFolder)} is not there: nothing to refuse by`);

/** The stand-in must be as strict and as exact as what it stands for, or the tests over it prove nothing: a small program of its own. */
describe("the stand-in for AWS", () => {
  let project: string;
  const pulumi = (args: string[], options = {}): Promise<CommandResult> => bench().pulumi(project, args, options);
  const urn = (type: string, name: string): string => `urn:pulumi:dev::mini::${type}::${name}`;
  const edit = (from: string, to: string): void => {
    const file = path.join(project, "index.ts");
    const text = readFileSync(file, "utf8");
    assert.ok(text.includes(from), `the fixture holds ${from}`);
    writeFileSync(file, text.replace(from, to));
  };

  before(async () => {
    project = bench().copyProject("mini", path.join(__dirname, "fixture"));
    succeeded(await pulumi(["stack", "init", "dev"]));
    succeeded(await pulumi(["config", "set", "aws:region", "eu-west-1"]));
  });

  const left = (): string[] =>
    bench()
      .cloud.all()
      .map((thing) => thing.urn)
      .filter((each) => each.startsWith("urn:pulumi:dev::mini::"));
  const offline = async (preview: boolean) => {
    const config = { "aws:region": "eu-west-1" };
    const { resources } = await runInProcess(program, { stack: "dev", project: "mini", preview, config });
    return resources.filter(({ type }) => type !== "pulumi:pulumi:Stack");
  };

  it("previews what the offline monitor previews, URN by URN, and makes nothing", async () => {
    const result = succeeded(await pulumi(["preview", "--json"]));
    assert.deepEqual(differences(fromPreview(result.stdout, project), await offline(true)), []);
    assert.deepEqual(bench().cloud.all(), []);
  });

  it("makes what the offline monitor says is deployed, URN by URN", async () => {
    succeeded(await pulumi(["up", "--yes", "--skip-preview"]));
    const state = deploymentOf(succeeded(await pulumi(["stack", "export"])).stdout);
    assert.deepEqual(differences(fromState(state, project), await offline(false)), []);
  });

  it("forgets no output: a second preview finds no change", async () => {
    succeeded(await pulumi(["preview", "--expect-no-changes"]));
  });

  it("updates in place what AWS lets change", async () => {
    succeeded(await pulumi(["config", "set", "retention", "90"]));
    const { stdout } = succeeded(await pulumi(["preview", "--json"]));
    assert.deepEqual(changesIn(stdout), [`update ${urn("aws:cloudwatch/logGroup:LogGroup", "logs")}`]);
    succeeded(await pulumi(["up", "--yes", "--skip-preview"]));
  });

  it("finds what somebody took away behind Pulumi's back, and puts it back", async () => {
    const logs = bench()
      .cloud.all()
      .find((thing) => thing.urn === urn("aws:cloudwatch/logGroup:LogGroup", "logs"));
    assert.ok(logs);
    bench().cloud.forget(logs);
    const drift = await pulumi(["refresh", "--yes", "--expect-no-changes"]);
    assert.notEqual(drift.code, 0, "the refresh says that something is gone");
    succeeded(await pulumi(["refresh", "--yes"]));
    succeeded(await pulumi(["up", "--yes", "--skip-preview"]));
    assert.deepEqual(bench().cloud.find(logs.type, logs.key), logs);
  });

  it("refuses two resources of one name in the account", async () => {
    edit("return {", 'new aws.cloudwatch.LogGroup("twin", { name: logs.name });\n  return {');
    const refused = await pulumi(["up", "--yes", "--skip-preview"]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stdout, /already exists/);
    edit('new aws.cloudwatch.LogGroup("twin", { name: logs.name });\n', "");
    succeeded(await pulumi(["up", "--yes"]));
  });

  it("refuses in Check what AWS and its provider refuse", async () => {
    if (!withRules) {
      runsWithoutRules();
      return;
    }
    edit('family: "mini"', 'family: "mini", networkMode: "open"');
    const refused = await pulumi(["preview"]);
    edit(', networkMode: "open"', "");
    assert.notEqual(refused.code, 0);
    assert.match(refused.stdout, /networkMode.*allowed: bridge, host, awsvpc, none/);
    assert.match(refused.stdout, /one of awsvpc, bridge, host, none \(AWS API model\)/);
  });

  it("replaces where the provider does, and leaves no second copy", async () => {
    if (!withRules) {
      runsWithoutRules();
      return;
    }
    edit('cidrBlock: "10.0.0.0/24"', 'cidrBlock: "10.1.0.0/24"');
    edit('cidrBlock: "10.0.0.0/26"', 'cidrBlock: "10.1.0.0/26"');
    const { stdout } = succeeded(await pulumi(["preview", "--json"]));
    assert.ok(changesIn(stdout).includes(`replace ${urn("aws:ec2/vpc:Vpc", "vpc")}`), changesIn(stdout).join("\n"));
    succeeded(await pulumi(["up", "--yes", "--skip-preview"]));
    const copies = bench()
      .cloud.all()
      .filter((thing) => thing.copies > 1);
    assert.deepEqual(copies, []);
    succeeded(await pulumi(["preview", "--expect-no-changes"]));
  });

  it("destroys all but what is retained on purpose and a secret in its recovery window", async () => {
    succeeded(await pulumi(["destroy", "--yes", "--skip-preview"]));
    assert.deepEqual(left(), [urn("aws:ebs/volume:Volume", "home"), urn("aws:secretsmanager/secret:Secret", "secret")]);
  });

  it("remembers both: the next up makes another volume beside the first, and is refused the secret's name", async () => {
    const homes = () =>
      bench()
        .cloud.all()
        .filter((thing) => thing.urn === urn("aws:ebs/volume:Volume", "home"));
    const [first] = homes();
    const refused = await pulumi(["up", "--yes", "--skip-preview", "--continue-on-error"]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stdout, /secret:Secret .* already exists/);
    assert.equal(homes().length, 2);
    assert.deepEqual(
      homes().filter(({ id }) => id === first?.id),
      [first],
    );
    succeeded(await pulumi(["destroy", "--yes", "--skip-preview"]));
    assert.equal(left().length, 3);
  });
});
