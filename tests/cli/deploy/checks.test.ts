import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { accountProblems, lifetimeProblems, quotaProblems } from "../../../cli/deploy/check-account";
import { stateProblems } from "../../../cli/deploy/check-state";
import { checkTools, isAtLeast, nodeProblems, versionIn } from "../../../cli/deploy/check-tools";
import { modelProblems } from "../../../cli/deploy/model-access";
import { orderOf } from "../../../cli/deploy/order";
import { type PulumiResult } from "../../../cli/deploy/pulumi";
import type { Aws } from "../../../cli/deploy/aws";
import { loadStackFiles } from "../../../config";
import { fixtureStacks, root, testProject } from "../../support/project";

const specs = loadStackFiles(fixtureStacks());
const platform = specs.find(({ stack }) => stack === "platform")!;
const engineering = specs.find(({ stack }) => stack === "engineering")!;
const wheres = (problems: readonly { where: string; found: string }[]) =>
  problems.map(({ where, found }) => `${where}: ${found}`);

describe("deploy: the order", () => {
  it("puts platforms before departments, whatever the call's order", () => {
    const { platforms, departments } = orderOf(specs, ["engineering", "platform"]);
    assert.deepEqual(
      [platforms, departments].map((list) => list.map(({ stack }) => stack)),
      [["platform"], ["engineering"]],
    );
  });

  it("refuses a stack without a file", () => {
    assert.throws(() => orderOf(specs, ["enginering"]), /STACK: found enginering; allowed data-science, engineering/);
  });
});

describe("deploy: the checks of tools", () => {
  it("compares versions part by part", () => {
    assert.deepEqual(versionIn("aws-cli/2.31.9 Python/3.13.7"), [2, 31, 9]);
    for (const [version, least, is] of [
      ["3.248.0", "3.248.0", true],
      ["3.249.0", "3.248.9", true],
      ["3.247.9", "3.248.0", false],
      ["4.0.0", "3.248.0", true],
      ["2.9.0", "2.27.42", false],
      ["2.27.41", "2.27.42", false],
    ] as const)
      assert.equal(isAtLeast(versionIn(version)!, versionIn(least)!), is, `${version} against ${least}`);
  });

  it("takes the package's own range of Node.js", () => {
    const engines = "^20.19 || >=22.12";
    const refused = ["18.20.4", "20.18.9", "21.7.0", "22.11.0"].filter(
      (each) => nodeProblems(each, engines).length > 0,
    );
    assert.equal(refused.length, 4);
    for (const each of ["20.19.0", "20.20.2", "22.12.0", "24.1.0"]) assert.deepEqual(nodeProblems(each, engines), []);
  });

  it("refuses a Pulumi CLI older than the SDK, and none", async () => {
    const version = (code: number, stdout: string) => () => Promise.resolve({ code, stdout, stderr: "" });
    const found = async (code: number, stdout: string) =>
      wheres(await checkTools(root, version(code, stdout))).filter((each) => each.startsWith("pulumi"));
    assert.deepEqual(await found(0, "v3.100.0\n"), ["pulumi: 3.100.0"]);
    assert.deepEqual(await found(127, ""), ["pulumi: no command on PATH"]);
    assert.deepEqual(await found(0, "v3.259.0\n"), []);
  });

  it("refuses AWS's command line without the newest command that a deployment runs", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "aws-version-"));
    const own = process.env["PATH"];
    process.env["PATH"] = folder;
    const found = async (printed: string) => {
      writeFileSync(path.join(folder, "aws"), `#!/bin/sh\necho "${printed}"\n`, { mode: 0o755 });
      const problems = await checkTools(root, () => Promise.resolve({ code: 0, stdout: "v3.259.0\n", stderr: "" }));
      return wheres(problems).filter((each) => each.startsWith("aws"));
    };
    try {
      assert.deepEqual(await found("aws-cli/2.27.41 Python/3.13.4 Linux/6.1 exe/x86_64"), ["aws: 2.27.41"]);
      assert.deepEqual(await found("aws-cli/2.27.42 Python/3.13.4 Linux/6.1 exe/x86_64"), []);
    } finally {
      process.env["PATH"] = own;
      rmSync(folder, { recursive: true });
    }
  });
});

describe("deploy: the checks of the account", () => {
  it("refuses credentials of another account, for each stack by its file", () => {
    assert.deepEqual(wheres(accountProblems([platform, engineering], { Account: "444455556666" })), [
      "stacks/Pulumi.platform.yaml  aws:allowedAccountIds: credentials of 444455556666",
      "stacks/Pulumi.engineering.yaml  aws:allowedAccountIds: credentials of 444455556666",
    ]);
    assert.deepEqual(accountProblems([platform, engineering], { Account: "111122223333" }), []);
  });

  it("refuses credentials of the environment that end within the hour", () => {
    const now = Date.parse("2026-12-01T10:00:00Z");
    const env = (ends: string) => ({ AWS_SESSION_TOKEN: "t", AWS_CREDENTIAL_EXPIRATION: ends });
    assert.deepEqual(wheres(lifetimeProblems(env("2026-12-01T10:15:00Z"), now)), [
      "credentials  AWS_CREDENTIAL_EXPIRATION: 2026-12-01T10:15:00Z, in 15 minutes",
    ]);
    assert.deepEqual(lifetimeProblems(env("2026-12-01T11:00:00Z"), now), []);
    assert.deepEqual(lifetimeProblems({}, now), []);
  });

  describe("quotas", () => {
    let project: ReturnType<typeof testProject>;
    before(() => (project = testProject(fixtureStacks())));
    after(() => project.remove());
    const codes = [
      "L-1216C47A",
      "L-3032A538",
      "L-6E65F664",
      "L-7A658B76",
      "L-7B6409FD",
      "L-B99A9384",
      "L-E79EC296",
      "L-F678F1CE",
      "L-FE177D64",
    ];

    it("of IAM are asked where IAM answers, and those of a region there", async () => {
      const regions = new Map<string, string>();
      const aws: Aws = (args, region) => {
        regions.set(args[3] ?? "", region ?? "");
        return Promise.resolve({ ok: true, value: { Quota: { Value: 1 } } });
      };
      const problems = await quotaProblems(project.root, specs, aws);
      assert.deepEqual([regions.get("iam"), regions.get("vpc")], ["us-east-1", "ap-northeast-1"]);
      assert.match(
        problems.find(({ where }) => where.includes("Roles"))?.next ?? "",
        /--region us-east-1 --service-code iam/,
      );
    });
    const asked = async (answer: (operation: string, code: string) => number | string) => {
      const calls: string[] = [];
      const aws: Aws = (args) => {
        const [operation = "", code = ""] = [args[1], args.at(-1)];
        calls.push(`${operation} ${code}`);
        const value = answer(operation, code);
        return Promise.resolve(
          typeof value === "number"
            ? { ok: true, value: { Quota: { Value: value } } }
            : { ok: false, code: value, message: "no" },
        );
      };
      return { problems: await quotaProblems(project.root, specs, aws), calls };
    };

    it("pass where each is as large as all stacks need", async () => {
      const { problems, calls } = await asked(() => 1000);
      assert.deepEqual(problems, []);
      assert.deepEqual(
        calls.sort(),
        codes.map((code) => `get-service-quota ${code}`),
      );
    });

    it("are named with code, need and the command that asks for more", async () => {
      const { problems } = await asked((_, code) => (code === "L-B99A9384" ? 10 : 1000));
      assert.deepEqual(wheres(problems), ["quota Concurrent executions (L-B99A9384) of ap-northeast-1: 10"]);
      assert.equal(problems[0]?.needed, "18");
      assert.match(problems[0].next, /request-service-quota-increase .* --quota-code L-B99A9384 --desired-value 18$/);
    });

    it("are AWS's default where none was ever applied to the account", async () => {
      const { problems, calls } = await asked((operation) =>
        operation === "get-service-quota" ? "NoSuchResourceException" : 5,
      );
      assert.deepEqual(
        problems.map(({ where }) => /\((.*)\)/.exec(where)?.[1]).sort(),
        // Of the rest the fixture stacks need no more than 5.
        codes.filter((code) => code !== "L-F678F1CE" && code !== "L-7A658B76" && code !== "L-7B6409FD"),
      );
      assert.ok(problems.every(({ found }) => found === "5"));
      assert.equal(calls.length, 2 * codes.length);
    });

    it("stop the run where they cannot be read", async () => {
      const { problems } = await asked(() => "AccessDeniedException");
      assert.deepEqual(new Set(problems.map(({ found }) => found)), new Set(["AccessDeniedException: no"]));
    });
  });
});

describe("deploy: the check of models", () => {
  const active = {
    agreementAvailability: { status: "AVAILABLE" },
    authorizationStatus: "AUTHORIZED",
    entitlementAvailability: "AVAILABLE",
    regionAvailability: "AVAILABLE",
  };
  const found = async (agreement: string) => {
    const aws: Aws = (args) => {
      const light = args.some((arg) => arg === "anthropic.claude-haiku-4-5-20251001-v1:0");
      const availability = { ...active, ...(light && { agreementAvailability: { status: agreement } }) };
      const profile = { inferenceProfileId: "any", status: "ACTIVE" };
      return Promise.resolve({ ok: true, value: args[1] === "get-inference-profile" ? profile : availability });
    };
    return modelProblems([platform], aws);
  };

  it("names the model that the account may not call, and passes when it may", async () => {
    const [problem, ...more] = await found("NOT_AVAILABLE");
    assert.deepEqual(more, []);
    assert.equal(problem?.where, "stacks/Pulumi.platform.yaml  models.light");
    assert.match(
      problem.found,
      /^anthropic\.claude-haiku-4-5-20251001-v1:0 in ap-northeast-1: agreement NOT_AVAILABLE/,
    );
    assert.deepEqual(await found("AVAILABLE"), []);
  });

  it("stops the run where Bedrock does not answer, and asks for permissions, not for a model", async () => {
    const aws: Aws = () => Promise.resolve({ ok: false, code: "AccessDeniedException", message: "no" });
    const problems = await modelProblems([platform], aws);
    assert.equal(problems.length, 6);
    for (const { next } of problems) assert.match(next, /^take credentials that may ask Bedrock/);
  });

  it("asks for the form, the terms or another model where Bedrock says that there is no access", async () => {
    const refused = await found("NOT_AVAILABLE");
    const aws: Aws = () => Promise.resolve({ ok: false, code: "ResourceNotFoundException", message: "no" });
    const missing = await modelProblems([platform], aws);
    assert.deepEqual([refused.length, missing.length], [1, 6]);
    for (const { next } of [...refused, ...missing]) assert.match(next, /use-case form .*, or choose another model$/);
  });
});

describe("deploy: the checks of the state", () => {
  const url = "awskms://alias/x?region=ap-northeast-1";
  const encryptedkey = "AQICAHhAAAA=";
  const awskms = { type: "cloud", state: { url, encryptedkey } };
  const underPassphrase = { type: "passphrase", state: { salt: "v1:abc" } };
  const initialised = `secretsprovider: ${url}\nencryptedkey: ${encryptedkey}\n`;
  const state = (deployment: object) => ({ code: 0, stdout: JSON.stringify({ version: 3, deployment }), stderr: "" });
  const whoami = (url: string) => ({ code: 0, stdout: JSON.stringify({ user: "u", url }), stderr: "" });
  const found = async (
    answers: Record<string, PulumiResult>,
    { chosen = [engineering], localState = false, written = initialised } = {},
  ) => {
    const answer = (args: readonly string[]) =>
      answers[args.join(" ")] ?? { code: 1, stdout: "", stderr: "error: unasked" };
    const project = testProject(
      Object.fromEntries(Object.entries(fixtureStacks()).map(([name, text]) => [name, written + text])),
    );
    try {
      const pulumi = (args: readonly string[]) => Promise.resolve(answer(args));
      return await stateProblems({ root: project.root, specs: chosen, localState, pulumi });
    } finally {
      project.remove();
    }
  };
  const good = {
    "whoami --json": whoami("s3://example-platform-state"),
    "stack export --stack engineering": state({ secrets_providers: awskms }),
    "stack export --stack platform": state({ secrets_providers: awskms }),
    "stack output capsHash --stack platform": { code: 0, stdout: `${platform.platform.capsHash}\n`, stderr: "" },
  };

  it("pass on a backend that answers, a KMS key, no pending operation and the deployed caps", async () => {
    assert.deepEqual(await found(good), []);
  });

  it("refuse a backend that does not answer, and one on this machine unless it is a trial", async () => {
    const silent = { code: 1, stdout: "", stderr: "error: could not list bucket: AccessDenied\n" };
    assert.deepEqual(wheres(await found({ ...good, "whoami --json": silent })), [
      "state  PULUMI_BACKEND_URL: could not list bucket: AccessDenied",
    ]);
    const here = { ...good, "whoami --json": whoami("file:///home/mori") };
    assert.match(wheres(await found(here))[0] ?? "", /file:\/\/\/home\/mori, on this machine alone/);
    assert.deepEqual(await found(here, { localState: true }), []);
  });

  it("refuse a stack that was never initialised, with the command that does it", async () => {
    const none = { code: 6, stdout: "", stderr: "error: no stack named 'engineering' found\n" };
    const [problem] = await found({ ...good, "stack export --stack engineering": none });
    assert.equal(problem?.found, "no such stack");
    assert.match(problem.next, /^pulumi stack init engineering --secrets-provider "awskms:/);
  });

  it("refuse secrets under a passphrase", async () => {
    const passphrase = { ...good, "stack export --stack engineering": state({ secrets_providers: underPassphrase }) };
    for (const written of [initialised, "encryptionsalt: v1:abc\n"]) {
      const [problem, ...more] = await found(passphrase, { written });
      assert.equal(problem?.found, "passphrase");
      assert.match(problem.next, /^pulumi stack change-secrets-provider --stack engineering "awskms:\/\/alias\/cline/);
      assert.doesNotMatch(JSON.stringify(problem), /v1:abc/);
      assert.deepEqual(more, []);
    }
  });

  it("accept a passphrase in a trial on this machine, and nowhere else", async () => {
    const answers = { ...good, "stack export --stack engineering": state({ secrets_providers: underPassphrase }) };
    const written = "encryptionsalt: v1:abc\n";
    const here = { ...answers, "whoami --json": whoami("file:///home/mori") };
    assert.deepEqual(await found(here, { localState: true, written }), []);
    assert.deepEqual(wheres(await found(answers, { localState: true, written })), [
      "stacks/Pulumi.engineering.yaml  secretsprovider: passphrase",
    ]);
  });

  it("refuse a stack file whose provider of secrets is not the state's: Pulumi would move them to the file's", async () => {
    for (const [written, what] of [
      ["", "none"],
      ["encryptionsalt: v1:abc\n", "passphrase"],
      [`secretsprovider: awskms://alias/y\nencryptedkey: ${encryptedkey}\n`, "awskms://alias/y"],
      [`secretsprovider: ${url}\nencryptedkey: AQICAHhBBBB=\n`, "another encryptedkey than the state's"],
      [`secretsprovider: ${url}\n`, "another encryptedkey than the state's"],
    ] as const) {
      const problems = await found(good, { written });
      assert.deepEqual(wheres(problems), [`stacks/Pulumi.engineering.yaml  secretsprovider: ${what}`]);
      assert.match(
        problems[0]?.next ?? "",
        /pulumi stack change-secrets-provider --stack engineering "awskms:\/\/alias\/.*commit/,
      );
    }
  });

  it("refuse pending operations, which an up would repeat", async () => {
    const urn = "urn:pulumi:engineering::cline::aws:ec2/instance:Instance::kimura";
    const pending = state({ secrets_providers: awskms, pending_operations: [{ type: "creating", resource: { urn } }] });
    const [problem] = await found({ ...good, "stack export --stack engineering": pending });
    assert.equal(problem?.found, "1 pending operations, e.g. creating kimura");
    assert.match(problem.next, /--import-pending-creates/);
  });

  it("refuse a department whose platform is deployed with other caps, unless the run deploys it", async () => {
    const other = { ...good, "stack output capsHash --stack platform": { code: 0, stdout: "abc\n", stderr: "" } };
    const [problem] = await found(other);
    assert.equal(problem?.found, "other caps deployed");
    assert.match(problem.next, /npm run deploy -- platform engineering/);
    assert.deepEqual(await found(other, { chosen: [platform, engineering] }), []);
  });
});
