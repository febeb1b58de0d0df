import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseDocument } from "yaml";
import { FakeAws, type FakeTable } from "../support/fake-aws";
import { fixtures } from "../support/project";
import { killGroup, type CommandResult } from "./support/command";
import { succeeded } from "./support/expect";
import { KmsServer } from "./support/kms";
import { deploymentOf } from "./support/state";
import { realImages } from "./support/subject";
import { Workbench, type PulumiOptions } from "./support/workbench";

/** A program as small as one can be that has the stacks, the caps and a secret of the real one. */
const tiny = `import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { loadStack } from "./config";
export = () => {
  const spec = loadStack(__dirname, pulumi.getStack(), { deploying: !pulumi.runtime.isDryRun() });
  const parts = Array.from({ length: Number(process.env["TINY_PARTS"] ?? 4) }, (_, at) => "part-" + (at + 1));
  const made = parts.map((part) => new random.RandomPassword(part, { length: 20 }));
  return { capsHash: spec.platform.capsHash, secret: made[0]!.result };
};
`;

const quota = { json: { Quota: { QuotaName: "any", Value: 1000 } } };
const account: FakeTable = {
  "sts get-caller-identity": {
    json: { UserId: "A", Account: "111122223333", Arn: "arn:aws:sts::111122223333:assumed-role/d/s" },
  },
  "service-quotas get-service-quota": quota,
  "bedrock get-foundation-model-availability": {
    json: {
      agreementAvailability: { status: "AVAILABLE" },
      authorizationStatus: "AUTHORIZED",
      entitlementAvailability: "AVAILABLE",
      regionAvailability: "AVAILABLE",
    },
  },
  "bedrock get-inference-profile": { json: { inferenceProfileId: "any", status: "ACTIVE" } },
};
const secretsProvider = "awskms://alias/cline/example/platform/state?region=ap-northeast-1";

/** `npm run deploy` on the real Pulumi CLI over the stand-in, with a stand-in for AWS's command line. */
describe("npm run deploy", () => {
  let bench: Workbench;
  let kms: KmsServer;
  let aws: FakeAws;
  let project: string;

  before(async () => {
    bench = new Workbench(() => undefined);
    kms = await KmsServer.start();
    aws = new FakeAws(bench.at("aws"), account);
    project = bench.copyProject("deployed");
    cpSync(path.join(fixtures, "stacks"), path.join(project, "stacks"), { recursive: true });
    writeFileSync(path.join(project, "index.ts"), tiny);
  });
  after(() => {
    kms.close();
    bench.close();
  });

  const environment = () => ({
    ...kms.env,
    PATH: [aws.folder, bench.cliFolder, process.env["PATH"]].join(path.delimiter),
  });
  const deploy = (args: readonly string[], options: PulumiOptions = {}): Promise<CommandResult> =>
    bench.run(process.execPath, ["-r", "tsx/cjs", "cli/main.ts", "deploy", ...args, "--local-state"], project, {
      ...options,
      env: { ...environment(), ...options.env },
    });
  const pulumi = (...args: string[]) => bench.pulumi(project, args, { env: environment() });
  const state = async (stack: string) =>
    deploymentOf(succeeded(await pulumi("stack", "export", "--stack", stack)).stdout).deployment;
  const made = (stack: string) => bench.cloud.all().filter(({ urn }) => urn.startsWith(`urn:pulumi:${stack}::`));

  it("lists everything that a new account lacks, each with its next step, and changes nothing", async () => {
    aws.answers = {
      ...account,
      "service-quotas get-service-quota --service-code lambda": { json: { Quota: { QuotaName: "any", Value: 10 } } },
      "service-quotas get-service-quota --service-code fargate": { error: "NoSuchResourceException" },
      "service-quotas get-aws-default-service-quota --service-code fargate": {
        json: { Quota: { QuotaName: "any", Value: 6 } },
      },
      "bedrock get-inference-profile --inference-profile-identifier jp.anthropic.claude-opus-5-5": {
        error: "ResourceNotFoundException",
      },
    };
    const { code, stderr } = await deploy([]);
    assert.equal(code, 2);
    const lines = stderr.trim().split("\n");
    for (const sign of [
      /^stacks\/Pulumi\.platform\.yaml {2}cline:images\.workspaceAmi: found the sample/,
      /^quota Concurrent executions \(L-B99A9384\) of ap-northeast-1: found 10; needed 18; aws service-quotas request/,
      /^quota Fargate On-Demand vCPU resource count \(L-3032A538\) of ap-northeast-1: found 6; needed/,
      /^stacks\/Pulumi\.platform\.yaml {2}models\.strong: found jp\.anthropic\.claude-opus-5-5 in ap-northeast-1: Bedrock has no such/,
      /^state of platform: found no such stack; .* pulumi stack init platform; commit what it writes/,
      /^state of engineering: found no such stack/,
    ])
      assert.equal(lines.filter((line) => sign.test(line)).length, 1, `${sign.source}\n${stderr}`);
    assert.match(stderr, /\n\d+ to mend; nothing was changed\n$/);
    assert.deepEqual(bench.cloud.calls(), []);
  });

  it("passes a trial under a passphrase, and a KMS key: every check passed, ready to apply", async () => {
    aws.answers = account;
    const file = path.join(project, "stacks/Pulumi.platform.yaml");
    const document = parseDocument(readFileSync(file, "utf8"));
    for (const [name, value] of Object.entries(realImages)) document.setIn(["config", "cline:images", name], value);
    writeFileSync(file, document.toString());
    succeeded(await pulumi("stack", "init", "platform"));
    for (const stack of ["engineering", "data-science"])
      succeeded(await pulumi("stack", "init", stack, "--secrets-provider", secretsProvider));
    succeeded(await deploy(["--check"]));

    succeeded(await pulumi("stack", "change-secrets-provider", "--stack", "platform", secretsProvider));
    const passed = succeeded(await deploy(["--check"]));
    assert.match(passed.stdout, /every check passed, ready to apply: npm run deploy -- --local-state\n$/);
    assert.deepEqual(made("platform"), []);
    assert.ok(kms.calls.includes("Encrypt"));
  });

  it("refuses a file without what stack init wrote, and its next step mends it", async () => {
    const file = path.join(project, "stacks/Pulumi.engineering.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/^(secretsprovider|encryptedkey): .*\n/gm, ""));
    const { code, stderr } = await deploy(["engineering", "platform", "--check"]);
    assert.equal(code, 2);
    const [, command = ""] =
      /^stacks\/Pulumi\.engineering\.yaml {2}secretsprovider: found none; needed awskms:.* or run pulumi (.*) and commit/m.exec(
        stderr,
      ) ?? [];
    succeeded(await pulumi(...command.replaceAll('"', "").split(" ")));
    assert.match(readFileSync(file, "utf8"), /^encryptedkey: /m);
    succeeded(await deploy(["engineering", "platform", "--check"]));
  });

  it("refuses a department whose platform is not deployed", async () => {
    const { code, stderr } = await deploy(["engineering"]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /Pulumi\.platform\.yaml {2}caps: found no caps deployed; .* npm run deploy -- platform engineering/,
    );
  });

  it("stops safely on Ctrl-C: what has begun is made and saved; a second one only warns; a further run makes the rest", async () => {
    const stopped = await deploy([], {
      drill: { delayMs: 4000 },
      onStart: (pid) => {
        void (async () => {
          const begun = () => bench.cloud.calls().some(({ rpc, urn }) => rpc === "create" && urn.includes("part-"));
          while (!begun()) await wait(50);
          // As a terminal does: every process of the foreground's group.
          process.kill(-pid, "SIGINT");
          await wait(1000);
          process.kill(-pid, "SIGINT");
        })();
      },
    });
    assert.equal(stopped.code, 130, stopped.stdout + stopped.stderr);
    assert.match(stopped.stdout, /platform: Pulumi \(process \d+\) finishes what it has begun and saves the state/);
    assert.match(stopped.stdout, /still saving the state/);
    assert.equal(stopped.stdout.split("^C received").length, 2, "Pulumi took one signal");
    assert.match(stopped.stdout, /platform: stopped by Ctrl-C\./);
    assert.match(stopped.stdout, /engineering +not started .*stopped by Ctrl-C/);
    const { resources = [], pending_operations: pending = [] } = await state("platform");
    assert.deepEqual(pending, []);
    const known = new Set(resources.map(({ urn }) => urn));
    assert.ok(made("platform").length > 0);
    assert.deepEqual(
      made("platform").filter(({ urn }) => !known.has(urn)),
      [],
    );

    succeeded(await deploy(["platform"]));
    assert.equal(made("platform").length, 4);
    assert.deepEqual(
      made("platform").filter(({ copies }) => copies !== 1),
      [],
    );
  });

  it("finishes one department while another fails by ended credentials, and says what is safe", async () => {
    const failWith =
      "operation error EC2: RunInstances, api error ExpiredToken: The security token included in the request is expired";
    const failed = await deploy([], { drill: { failCreate: "data-science::.*part-3", failWith } });
    assert.equal(failed.code, 1, failed.stdout + failed.stderr);
    assert.match(failed.stdout, /platform +done, nothing to change/);
    assert.match(failed.stdout, /engineering +done, 5 changes/);
    assert.match(failed.stdout, /data-science +failed \d+ of 5/);
    assert.match(failed.stdout, /data-science: the credentials ended in the middle\.\n.*\n {2}1\. sign in again/);
    assert.match(failed.stdout, /2\. pulumi cancel --yes --stack data-science/);
    assert.equal(made("engineering").length, 4);

    const { stdout } = succeeded(await deploy(["data-science"]));
    assert.match(stdout, /data-science +done/);
    assert.deepEqual(
      made("data-science").map(({ copies }) => copies),
      [1, 1, 1, 1],
    );
  });

  it("refuses pending operations of an up that was killed, until they are settled", async () => {
    const killed = await bench.pulumi(project, ["up", "--yes", "--skip-preview", "--stack", "engineering"], {
      drill: { delayMs: 60_000 },
      env: { ...environment(), TINY_PARTS: "5" },
      onStart: (pid) => {
        void (async () => {
          while (
            !bench.cloud
              .calls()
              .some(
                ({ rpc, urn }) =>
                  rpc === "create" &&
                  urn.endsWith("engineering::cline::random:index/randomPassword:RandomPassword::part-5"),
              )
          )
            await wait(50);
          killGroup(pid);
        })();
      },
    });
    assert.equal(killed.signal, "SIGKILL");
    const { code, stderr } = await deploy(["engineering"]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^state of engineering: found 1 pending operations, e\.g\. creating part-5; .*--import-pending-creates/,
    );
    succeeded(await pulumi("cancel", "--yes", "--stack", "engineering"));
    succeeded(await pulumi("refresh", "--yes", "--stack", "engineering", "--clear-pending-creates"));
    succeeded(await deploy(["engineering", "--check"]));
  });

  it("lets the pack stop a stack before anything is made", async () => {
    const spoiled = `import * as aws from "@pulumi/aws";
export = () => void new aws.ec2.InternetGateway("way-out", {});
`;
    writeFileSync(path.join(project, "index.ts"), spoiled);
    const before = bench.cloud.calls().length;
    const { code, stdout } = await deploy(["engineering"]);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /engineering: a mandatory policy refuses the stack\.\n {2}The preview stopped it: nothing was changed\./,
    );
    const changing = bench.cloud
      .calls()
      .slice(before)
      .filter(({ rpc, preview }) => !preview && /^(create|update|delete)$/.test(rpc));
    assert.deepEqual(changing, []);
  });

  it("asks AWS only what the checks know, and prints no secret", async () => {
    const asked = new Set(aws.calls().map(([service = "", operation = ""]) => `${service} ${operation}`.trim()));
    assert.deepEqual(
      [...asked].sort(),
      [
        "--version --region",
        "bedrock get-foundation-model-availability",
        "bedrock get-inference-profile",
        "service-quotas get-aws-default-service-quota",
        "service-quotas get-service-quota",
        "sts get-caller-identity",
      ].map((each) => each.replace(" --region", "")),
    );
    const shown = await bench.pulumi(project, ["stack", "output", "secret", "--show-secrets", "--stack", "platform"], {
      keep: false,
      env: environment(),
    });
    const secret = succeeded(shown).stdout.trim();
    assert.equal(secret.length, 20);
    assert.deepEqual(
      bench.printed.filter(({ stdout, stderr }) => (stdout + stderr).includes(secret)).map(({ command }) => command),
      [],
    );
  });
});
