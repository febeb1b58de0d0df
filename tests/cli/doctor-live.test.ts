import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { planAuditorPolicy } from "../../components/access/team-statements";
import { contextOf } from "../../components/context-of";
import { awsCli } from "../../cli/deploy/aws";
import { run } from "../../cli/doctor";
import { doubts } from "../../cli/doctor/doubts";
import { readActions } from "../../cli/doctor/policy";
import { UsageError } from "../../cli/usage";
import { loadStackFiles } from "../../config";
import { FakeAws, type FakeTable } from "../support/fake-aws";
import { fixtureStacks, testProject, type TestProject } from "../support/project";

const ours: FakeTable = {
  "sts get-caller-identity": {
    json: { Account: "111122223333", Arn: "arn:aws:iam::111122223333:user/abe", UserId: "A" },
  },
};
const availability = {
  modelId: "m",
  agreementAvailability: { status: "AVAILABLE" },
  authorizationStatus: "AUTHORIZED",
  entitlementAvailability: "AVAILABLE",
  regionAvailability: "AVAILABLE",
};

describe("doctor --live", () => {
  let project: TestProject;
  let aws: FakeAws;
  const own = process.env["PATH"];
  before(() => {
    project = testProject(fixtureStacks());
    aws = new FakeAws(path.join(project.root, "bin"), ours);
    process.env["PATH"] = aws.path;
  });
  after(() => {
    process.env["PATH"] = own;
    project.remove();
  });

  /** Exit code and standard output; a usage fault is thrown. */
  async function doctor(...args: string[]): Promise<{ status: number; stdout: string }> {
    const written: string[] = [];
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text: unknown) => written.push(String(text)) > 0;
    try {
      return { status: await run(args, project.root), stdout: written.join("") };
    } finally {
      process.stdout.write = write;
    }
  }

  it("says pass, fail or unknown with what the account answered, and what the person has to look at", async () => {
    aws.answers = {
      ...ours,
      "bedrock get-foundation-model-availability": { json: availability },
      "ssm describe-document": { error: "InvalidDocument" },
      "cloudtrail get-trail-status": { json: { IsLogging: true, LatestDeliveryError: "AccessDenied" } },
      "iam get-account-summary": { error: "AccessDenied", message: "abe may not" },
    };
    const { status, stdout } = await doctor(
      "--live",
      "model-light",
      "session-preferences",
      "trail-delivers",
      "role-quota",
      "own-session",
    );
    const line = (id: string) => stdout.split("\n").find((each) => each.includes(` ${id} `)) ?? "";
    assert.match(line("model-light"), /^ {2}pass {5}model-light +agreement AVAILABLE/);
    assert.match(line("session-preferences"), /^ {2}pass .* there is none$/);
    assert.match(line("trail-delivers"), /^ {2}fail .* the last delivery failed: AccessDenied$/);
    assert.match(line("role-quota"), /^ {2}unknown .* AccessDenied: abe may not$/);
    assert.match(line("own-session"), /^ {2}person .*As one developer of two/);
    const headings = stdout.split("\n").filter((each) => each.endsWith(":"));
    assert.deepEqual(headings, ["before the first up:", "platform stands:", "department stands:"]);
    assert.match(stdout, /\n2 pass, 1 fail, 1 unknown, 1 for a person\n$/);
    assert.equal(status, 1);
  });

  it("asks with the account's own names, in the row's region, and only what reads", async () => {
    aws.answers = { ...ours, "events describe-rule": { json: { State: "ENABLED" } } };
    const before = aws.calls().length;
    const { status, stdout } = await doctor("--live", "--json", "identity-events");
    assert.deepEqual(aws.calls().slice(before), [
      ["sts", "get-caller-identity", "--region", "ap-northeast-1", "--output", "json"],
      [
        "events",
        "describe-rule",
        "--name",
        "example-platform-identity-events-us-east-1",
        "--region",
        "us-east-1",
        "--output",
        "json",
      ],
    ]);
    const [row] = JSON.parse(stdout) as { id: string; verdict: string; found: string }[];
    assert.deepEqual([row?.id, row?.verdict, row?.found], ["identity-events", "fail", "ENABLED"]);
    assert.equal(status, 1);
  });

  it("asks nothing of an account that is not the platform's", async () => {
    aws.answers = { "sts get-caller-identity": { json: { Account: "444455556666", Arn: "a", UserId: "A" } } };
    const before = aws.calls().length;
    await assert.rejects(
      () => doctor("--live"),
      (error) =>
        error instanceof UsageError &&
        /found credentials of 444455556666; needed 111122223333; sign in/.test(error.message),
    );
    assert.equal(aws.calls().length, before + 1);
  });

  it("judges what the first up shows", async () => {
    const digest = "a".repeat(64);
    const image = (imageDigest: string) => ({ json: { imageDetails: [{ imageDigest, imageTags: [digest] }] } });
    const task = (...mountOptions: string[]) => {
      const containerDefinitions = [{ name: "gateway", linuxParameters: { tmpfs: [{ mountOptions }] } }];
      return { json: { taskDefinition: { containerDefinitions } } };
    };
    const network = (...states: string[]) => {
      const set = states.map((State, n) => ({ CidrBlock: `10.${n}.0.0/16`, CidrBlockState: { State } }));
      return { json: { Vpcs: [{ CidrBlockAssociationSet: set }] } };
    };
    const verdicts = async (answers: FakeTable) => {
      aws.answers = { ...ours, ...answers };
      const { stdout } = await doctor("--live", "--json", "index-digest", "tmpfs-mode", "second-range");
      return Object.fromEntries(
        (JSON.parse(stdout) as { id: string; verdict: string }[]).map(({ id, verdict }) => [id, verdict]),
      );
    };
    const asked = ["ecr describe-images", "ecs describe-task-definition", "ec2 describe-vpcs"] as const;
    const answered = (...answers: FakeTable[string][]) => Object.fromEntries(asked.map((key, n) => [key, answers[n]!]));
    assert.deepEqual(
      await verdicts(answered(image(`sha256:${digest}`), task("rw", "mode=1777"), network("associated", "associated"))),
      { "index-digest": "pass", "tmpfs-mode": "pass", "second-range": "pass" },
    );
    assert.deepEqual(
      await verdicts(answered(image(`sha256:${"b".repeat(64)}`), task("rw"), network("associated", "failed"))),
      { "index-digest": "fail", "tmpfs-mode": "fail", "second-range": "fail" },
    );
    const none = { error: "RepositoryNotFoundException" };
    assert.deepEqual(await verdicts(answered(none, { error: "ClientException" }, network("associated"))), {
      "index-digest": "unknown",
      "tmpfs-mode": "unknown",
      "second-range": "unknown",
    });
  });

  it("leaves a row open on an answer of another shape", async () => {
    aws.answers = { ...ours, "cloudtrail get-trail-status": { json: { IsLogging: "yes" } } };
    const { status, stdout } = await doctor("--live", "trail-delivers");
    assert.match(stdout, /^platform stands:\n {2}unknown +trail-delivers +an answer of another shape: IsLogging/);
    assert.equal(status, 0);
  });

  it("refuses a row that does not exist", async () => {
    await assert.rejects(() => doctor("--live", "model-heavy"), /ROW: found model-heavy; allowed model-light/);
  });
});

describe("doctor's permissions", () => {
  it("are the auditor's", () => {
    const platform = loadStackFiles(fixtureStacks()).find(({ department }) => department === undefined)!;
    const granted = planAuditorPolicy(contextOf(platform))
      .filter(({ Effect, Resource, Condition }) => Effect === "Allow" && Resource === "*" && Condition === undefined)
      .flatMap(({ Action }) => Action ?? [])
      .map((pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`));
    // Everybody may ask who they are.
    const needed = readActions(doubts).filter((action) => action !== "sts:GetCallerIdentity");
    assert.ok(needed.length > 10);
    assert.deepEqual(
      needed.filter((action) => !granted.some((pattern) => pattern.test(action))),
      [],
    );
  });
});

describe("the answers of AWS's command line", () => {
  let folder: string;
  let aws: FakeAws;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "aws-"));
    aws = new FakeAws(folder, {});
  });
  after(() => rmSync(folder, { recursive: true }));
  const code = async (text: string, status: number): Promise<string> => {
    writeFileSync(path.join(folder, "aws"), `#!/bin/sh\ncat >&2 <<'END'\n${text}\nEND\nexit ${status}\n`);
    const answer = await awsCli("eu-west-1", { PATH: aws.path })(["sts", "get-caller-identity"]);
    return answer.ok ? "ok" : answer.code;
  };

  it("carry AWS's own code, in both versions' words", async () => {
    const error = "An error occurred (AccessDenied) when calling the GetRole operation: no";
    assert.equal(await code(`\n${error}`, 254), "AccessDenied");
    assert.equal(await code(`\naws: [ERROR]: ${error}`, 254), "AccessDenied");
    assert.equal(
      await code(
        "An error occurred (404) when calling the HeadBucket operation (reached max retries: 4): Not Found",
        254,
      ),
      "404",
    );
  });

  it("have one code for ended credentials, one for none, one for a command that is not understood", async () => {
    const ended =
      "An error occurred (ExpiredTokenException) when calling the GetCallerIdentity operation: The security token included in the request is expired";
    assert.equal(await code(ended, 254), "ExpiredToken");
    assert.equal(
      await code("The SSO session associated with this profile has expired or is otherwise invalid.", 255),
      "ExpiredToken",
    );
    assert.equal(
      await code('Unable to locate credentials. You can configure credentials by running "aws login".', 253),
      "NoCredentials",
    );
    assert.equal(await code("aws: error: argument operation: Invalid choice, valid choices are:", 252), "Usage");
  });

  it("have a code of their own where no command line is installed", async () => {
    const answer = await awsCli("eu-west-1", { PATH: "/nonexistent" })(["sts", "get-caller-identity"]);
    assert.equal(answer.ok ? "" : answer.code, "NotInstalled");
  });
});
