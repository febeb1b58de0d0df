import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { adviceFor, saidWrong } from "../../../cli/deploy/advice";
import { deploy } from "../../../cli/deploy/deployment";
import { run } from "../../../cli/deploy/index";
import { orderOf } from "../../../cli/deploy/order";
import { advanced, progressLine, waiting, type Progress } from "../../../cli/deploy/progress";
import { upArgs } from "../../../cli/deploy/pulumi";
import { safe, screenOn } from "../../../cli/deploy/screen";
import { UsageError } from "../../../cli/usage";
import { loadStackFiles } from "../../../config";
import { fixtureStacks, testProject, type TestProject } from "../../support/project";

const specs = loadStackFiles(fixtureStacks());

describe("deploy: progress", () => {
  const lines = [
    "Previewing update (engineering):",
    " +  random:index:RandomPassword p0 create ",
    "Resources:",
    "    + 5 to create",
    "    ~ 2 to update",
    "    13 changes. 1 unchanged",
    "Updating (engineering):",
    "@ updating....",
    " +  random:index:RandomPassword p1 creating (0s) ",
    " +  random:index:RandomPassword p1 created (0.02s) ",
    "@ updating.... +  random:index:RandomPassword p2 created (0.02s) ",
    " ~  aws:sqs:Queue dead updated (1s) [diff: ~tags]",
    " -  aws:sqs:Queue gone deleted (0.5s) ",
    "    + 5 created",
  ];

  it("counts what the preview announced and what is made", () => {
    const progress = lines.reduce(advanced, waiting("engineering"));
    assert.deepEqual(progress, { stack: "engineering", phase: "update", announced: 7, made: 4 });
    assert.equal(progressLine({ ...progress, started: 0 }, 75_000, 12), "engineering   update 4 of 7  1 min 15 s");
  });

  it("rewrites one line a stack on a terminal, and prints every line behind its stack elsewhere", () => {
    const escape = "\u001b\\[1A\u001b\\[J";
    const written = (isTTY: boolean): string => {
      const out: string[] = [];
      const screen = screenOn({ write: (text) => out.push(text), isTTY, columns: 40 }, () => 0);
      const progress: Progress = { ...waiting("engineering"), phase: "preview" };
      screen.show([progress]);
      screen.line("engineering", " +  aws:sqs:Queue dead created (1s) ");
      screen.line("engineering", "@ updating....");
      screen.show([{ ...progress, phase: "done" }]);
      screen.close();
      return out.join("");
    };
    assert.equal(written(false), "engineering |  +  aws:sqs:Queue dead created (1s)\n");
    assert.match(written(true), new RegExp(`^engineering  preview\n${escape}engineering  done, nothing to change\n`));
  });

  it("hides a line that looks like a credential, and what moves the cursor", () => {
    assert.equal(safe(`error: key AKIA${"A".repeat(16)} refused`), "a line that looks like a credential (not shown)");
    assert.equal(safe("a\u001b[2Jb"), "a\\u{1b}[2Jb");
  });
});

describe("deploy: a run", () => {
  interface Started {
    readonly stack: string;
    end: (code: number) => void;
    stops: number;
  }
  const running = (atOnce = 4) => {
    const started: Started[] = [];
    const said: string[] = [];
    const stop = new AbortController();
    const screen = {
      line: () => undefined,
      show: () => undefined,
      say: (text: string) => void said.push(text),
      close: () => undefined,
    };
    const start = (stack: string, onLine: (line: string) => void) => {
      const up: Started = { stack, end: () => undefined, stops: 0 };
      const done = new Promise<number>((resolve) => {
        up.end = (code) => {
          if (code !== 0) ["Diagnostics:", "    error: update failed", "Resources:"].forEach(onLine);
          resolve(code);
        };
      });
      started.push(up);
      return { pid: 1, done, stop: () => (up.stops += 1) };
    };
    const done = deploy(orderOf(specs, []), { atOnce, start, screen, stop: stop.signal });
    return { started, said, stop, done };
  };
  const soon = () => new Promise((resolve) => setImmediate(resolve));
  const phases = (all: readonly Progress[]) => Object.fromEntries(all.map(({ stack, phase }) => [stack, phase]));

  it("deploys departments in parallel once the platform stands; one failure stops no other", async () => {
    const { started, said, done } = running();
    await soon();
    assert.deepEqual(
      started.map(({ stack }) => stack),
      ["platform"],
    );
    started[0]?.end(0);
    await soon();
    assert.deepEqual(
      started.map(({ stack }) => stack),
      ["platform", "data-science", "engineering"],
    );
    started[1]?.end(1);
    await soon();
    started[2]?.end(0);
    assert.deepEqual(phases(await done), { platform: "done", "data-science": "failed", engineering: "done" });
    assert.match(
      said.join("\n"),
      /data-science: Pulumi said\n {2}error: update failed\ndata-science: Pulumi stopped at an error/,
    );
  });

  it("starts no more at once than asked for", async () => {
    const { started, done } = running(1);
    for (const at of [0, 1, 2]) {
      await soon();
      assert.equal(started.length, at + 1);
      started[at]?.end(0);
    }
    await done;
  });

  it("starts no department of a platform that failed", async () => {
    const { started, done } = running();
    await soon();
    started[0]?.end(1);
    const all = await done;
    assert.equal(started.length, 1);
    assert.deepEqual(phases(all), { platform: "failed", "data-science": "not started", engineering: "not started" });
    assert.equal(all[1]?.reason, "platform is not deployed");
  });

  it("asks each running stack once to stop, waits for it, and starts no other", async () => {
    const { started, said, stop, done } = running(1);
    await soon();
    started[0]?.end(0);
    await soon();
    stop.abort();
    await soon();
    assert.equal(started[1]?.stops, 1);
    assert.match(said.join("\n"), /data-science: Pulumi \(process 1\) finishes what it has begun and saves the state/);
    started[1].end(1);
    assert.deepEqual(phases(await done), { platform: "done", "data-science": "stopped", engineering: "not started" });
    assert.match(said.join("\n"), /stopped by Ctrl-C\.\n.*\n {2}1\. npm run deploy -- data-science/);
  });

  const up = { root: "/project", stack: "engineering", policyConfig: "{}" };

  it("names a saved plan where there is one, and no plan else", () => {
    const plan = (args: readonly string[]) => args.slice(args.indexOf("--plan"), args.indexOf("--plan") + 2);
    assert.deepEqual(plan(upArgs({ ...up, plan: "/plans/engineering.json" }, "/tmp/settings.json")), [
      "--plan",
      "/plans/engineering.json",
    ]);
    assert.ok(!upArgs(up, "/tmp/settings.json").includes("--plan"));
  });

  it("passes the pack in every up, shows no outputs, and never skips the preview", () => {
    const args = upArgs(up, "/tmp/settings.json");
    assert.equal(args[args.indexOf("--policy-pack") + 1], "/project/policy-pack");
    assert.equal(args[args.indexOf("--policy-pack-config") + 1], "/tmp/settings.json");
    assert.ok(args.includes("--suppress-outputs") && !args.includes("--skip-preview"));
  });
});

describe("deploy: what to do after a failure", () => {
  const causes: Readonly<Record<string, string>> = {
    "error: operation error S3: PutObject, api error ExpiredToken: The provided token has expired.":
      "credentials ended",
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process": "lock",
    "warning: Attempting to deploy or update resources with 1 pending operations from previous deployment.": "cut off",
    "stacks/Pulumi.platform.yaml: its caps are not the deployed ones; run platform first": "caps",
    "[mandatory]  cline-landing-zone v0.1.0  net-no-public-ssh": "mandatory policy",
    "error: creating IAM Role (x): EntityAlreadyExists: Role with name x already exists.": "in no state",
    "error: InvalidParameterValueException: quota L-B99A9384": "quota",
    "error: AccessDenied: User is not authorized to perform: s3:CreateBucket": "may not",
    "error: something else": "stopped at an error",
  };
  for (const [printed, cause] of Object.entries(causes))
    it(`knows: ${cause}`, () => {
      const advice = adviceFor("engineering", [printed]);
      assert.ok(advice.cause.includes(cause), advice.cause);
      assert.equal(advice.next.at(-1), "npm run deploy -- engineering");
    });

  it("reads causes in diagnostics and refused policies, not in names of resources", () => {
    const printed = [
      " +  aws:cloudwatch:MetricAlarm alarm-AccessDenied-quota **creating failed** error: 1 error occurred:",
      "Diagnostics:",
      "  aws:iam:Role (gateway):",
      "    error: 1 error occurred:",
      "    \t* creating IAM Role (x): EntityAlreadyExists: Role with name x already exists.",
      "",
      "Policies:",
      "    - [advisory]  pack  AccessDenied-names",
      "    - [mandatory]  pack  net-no-public-ssh  (aws:ec2/securityGroup:SecurityGroup: open)",
      "Resources:",
      "    + 2 created",
      "error: update failed",
    ];
    assert.deepEqual(saidWrong(printed), [printed[2], printed[3], printed[4], printed[8], printed[11]]);
  });

  it("unlocks before it refreshes, and refreshes before it deploys, when the credentials ended", () => {
    const { next } = adviceFor("engineering", ["error: ExpiredToken", "error: the stack is currently locked"]);
    const at = (text: string) => next.findIndex((step) => step.includes(text));
    assert.ok(at("sign in") < at("pulumi cancel") && at("pulumi cancel") < at("--import-pending-creates"));
    assert.ok(at("--import-pending-creates") < at("npm run deploy"));
  });
});

describe("deploy: saved plans", () => {
  let project: TestProject;
  let plans: string;
  before(() => {
    project = testProject(fixtureStacks());
    plans = path.join(project.root, "plans");
    mkdirSync(plans);
  });
  after(() => project.remove());
  const save = (...stacks: readonly string[]) => {
    for (const stack of stacks) writeFileSync(path.join(plans, `${stack}.json`), "{}");
  };
  const refusal = async (...stacks: readonly string[]) => {
    const refused = await run([...stacks, "--plans", plans], project.root).catch((error: unknown) => error);
    assert.ok(refused instanceof UsageError);
    return refused.message;
  };

  it("are refused where a stack has none, with the command that makes them", async () => {
    save("engineering");
    assert.equal(
      await refusal("engineering", "data-science"),
      `--plans: found no data-science.json in ${plans}; allowed a plan for each stack; scripts/plan-stacks.sh ${plans} data-science engineering`,
    );
  });

  it("are refused for a platform together with departments: theirs were made before the platform's new facts", async () => {
    save("platform", "engineering");
    assert.match(await refusal("platform", "engineering"), /^--plans: found a platform with departments;/);
  });
});
