import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import {
  loadSoundDepartments,
  loadStack,
  loadStackFile,
  loadStackFiles,
  readStackFiles,
  type StackSpec,
} from "../../config";
import { files as three, pathsOf, up } from "../support/fault-rows";
import { fixtures, fixtureStacks } from "../support/project";
import { type Config, departmentSpec, platformSpec } from "../support/specs";

describe("the fixture stack files", () => {
  const files = fixtureStacks();
  const stacks = loadStackFiles(files);

  it("are a platform and two departments of six and three developers", () =>
    assert.deepEqual(
      stacks.map(({ stack, department }) => [stack, department?.developers.length]),
      [
        ["data-science", 3],
        ["engineering", 6],
        ["platform", undefined],
      ],
    ));

  it("leave at least $2,000 of the organization's budget free", () => {
    const { platform } = stacks[0]!;
    const given = stacks.reduce((sum, { department }) => sum + (department?.monthlyBudgetUsd ?? 0), 0);
    const extra = platform.extraBudgets.reduce((sum, { amountUsd }) => sum + amountUsd, 0);
    assert(platform.monthlyBudgetUsd - given - extra >= 2000);
  });

  it("become another department by a copy with lead and developers edited, and nothing else changes", () => {
    const copy = files["Pulumi.data-science.yaml"]!.replace(/lead: \w+/, "lead: kato")
      .replace(/kimura/, "mizuno")
      .replace(/hayashi/, "arai")
      .replace(/shimizu/, "endo");
    const after = loadStackFiles({ ...files, "Pulumi.design.yaml": copy });
    // The platform's notes compare the account's quotas with what all stacks need together.
    const withoutNotes = (specs: readonly StackSpec[]) => specs.map((spec) => ({ ...spec, notes: [] }));
    assert.deepEqual(withoutNotes(after.filter(({ stack }) => stack !== "design")), withoutNotes(stacks));
    const department = after.find(({ stack }) => stack === "design")!.department!;
    assert.deepEqual([department.name, department.lead, department.costCenter], ["design", "kato", "design"]);
    assert.deepEqual(
      department.developers.map(({ id }) => id),
      ["arai", "endo", "mizuno"],
    );
  });

  it("say that their images are samples, and a real up refuses each of them", () => {
    const names =
      "workspaceAmi, gateway, langfuse, langfuseWorker, clickHouse, collector, proxy, codeServer, clineExtension, clineCommandLine";
    assert(
      stacks.every(
        ({ images, notes }) => images.samples.join(", ") === names && notes.some((note) => note.includes(names)),
      ),
    );
    assert.deepEqual(
      pathsOf(() => loadStack(fixtures, "engineering", up())).sort(),
      [
        "clickHouse",
        "clineCommandLine",
        "clineExtension",
        "codeServer",
        "collector",
        "gateway",
        "langfuse",
        "langfuseWorker",
        "proxy",
        "workspaceAmi",
      ].map((name) => `stacks/Pulumi.platform.yaml cline:images.${name}`),
    );
  });
});

describe("a department's spec", () => {
  it("inherits developer from department, department from cap, named cap from caps.default", () => {
    const { department } = departmentSpec(
      { "cline:department": { monthlyBudgetUsd: undefined, tpm: 5000, models: ["standard", "light"] } },
      { "cline:platform": { caps: { engineering: { tpm: undefined, rpm: undefined } } } },
    );
    assert.deepEqual(department!.cap, {
      monthlyBudgetUsd: 4000,
      tpm: 200000,
      rpm: 300,
      models: ["light", "standard", "strong"],
      priority: "high",
    });
    const [suzuki, tanaka] = department!.developers;
    assert.deepEqual([department!.monthlyBudgetUsd, department!.tpm, department!.rpm], [4000, 5000, 300]);
    assert.deepEqual(
      [suzuki!.id, suzuki!.monthlyBudgetUsd, suzuki!.tpm, suzuki!.models],
      ["suzuki", 300, 5000, ["light", "standard"]],
    );
    assert.deepEqual(
      [tanaka!.id, tanaka!.monthlyBudgetUsd, tanaka!.rpm, tanaka!.models],
      ["tanaka", 3700, 300, ["light", "standard"]],
    );
  });

  it("takes a workspace's settings from developer, department, then ours, one by one", () => {
    const { department } = departmentSpec({
      "cline:department": {
        workspace: { size: "large", idleMinutes: 30, schedule: { start: "08:00", stop: "20:00" } },
        developers: { suzuki: { signIn: "k.suzuki" }, tanaka: { workspace: { idleMinutes: 120 } } },
      },
    });
    const [suzuki, tanaka] = department!.developers;
    const { size, idleMinutes, homeGiB, sources, schedule } = tanaka!.workspace;
    assert.deepEqual(
      { size, idleMinutes, homeGiB, sources, schedule },
      {
        size: "large",
        idleMinutes: 120,
        homeGiB: 50,
        sources: [],
        schedule: { start: "08:00", stop: "20:00", days: ["mon", "tue", "wed", "thu", "fri"] },
      },
    );
    assert.deepEqual(suzuki!.workspace, { ...tanaka!.workspace, idleMinutes: 30 });
    assert.deepEqual(
      department!.developers.map(({ signIn }) => signIn),
      ["k.suzuki", "tanaka"],
    );
  });

  it("blocks a zero share, and says so", () => {
    const { department, notes } = departmentSpec({
      "cline:department": { developers: { suzuki: { monthlyBudgetUsd: 3000 } } },
    });
    assert.deepEqual(
      department!.developers.map(({ id, blocked }) => [id, blocked]),
      [
        ["suzuki", false],
        ["tanaka", true],
      ],
    );
    assert(notes.some((note) => note.includes("blocks the key of tanaka")));
  });

  it("is the same whatever other departments there are", () => {
    const [, engineering] = loadStackFiles(three({}));
    assert.deepEqual(engineering, departmentSpec());
  });

  it("is told when its guardrail lies in another account than its own gateway", () => {
    const caps = { default: { guardrail: { id: "gr1234567890", version: 3 } } };
    const own = {
      "aws:allowedAccountIds": ["444455556666"],
      "cline:network": { cidr: "10.80.0.0/20" },
      "cline:gateway": {},
      "cline:observability": { logRetentionDays: 731 },
    };
    const told = (department: Config) =>
      departmentSpec(department, { "cline:platform": { caps } }).notes.filter((note) => note.includes("gr1234567890"));
    assert.equal(told(own).length, 1);
    assert.match(
      told(own)[0] ?? "",
      /lies in the account 111122223333; the gateway of engineering runs in 444455556666/,
    );
    assert.deepEqual(told({}), []);
  });

  it("stands in the account and on the images of its platform, or in its own", () => {
    const shared = departmentSpec();
    assert.equal(shared.accountId, "111122223333");
    assert.equal(shared.images.workspaceAmi, "ami-0123456789abcdef0");
    const own = departmentSpec({
      "aws:allowedAccountIds": ["444455556666"],
      "cline:network": { cidr: "10.80.0.0/20" },
      "cline:gateway": {},
      "cline:observability": { logRetentionDays: 731 },
      "cline:images": { workspaceAmi: "ami-00000001" },
    });
    assert.equal(own.accountId, "444455556666");
    assert.equal(own.images.workspaceAmi, "ami-00000001");
    assert.equal(own.images.gateway, shared.images.gateway);
    assert.deepEqual(
      [own.network, own.gateway],
      [
        { cidr: "10.80.0.0/20", zones: 2 },
        {
          minTasks: 2,
          maxTasks: 8,
          extras: [],
          queue: { waitSeconds: 60, outageSeconds: 60, places: { light: 100, standard: 60, strong: 30 } },
        },
      ],
    );
    assert.equal(own.dataControl["flow-logs"].retentionDays, 731);
    assert.equal(shared.dataControl["flow-logs"].retentionDays, 365);
  });

  it("keeps prompt text only where its file says so", () => {
    const kept = (keepPromptText: boolean) => {
      const { dataControl } = departmentSpec({ "cline:department": { keepPromptText } });
      return Object.values(dataControl)
        .filter(({ promptText }) => promptText)
        .map(({ purpose }) => purpose);
    };
    assert.deepEqual(kept(false), ["batch-files"]);
    assert.deepEqual(kept(true), ["langfuse-traces", "batch-files"]);
  });
});

describe("a platform's spec", () => {
  it("names departments that use its gateway from a network of their own", () => {
    const platform = loadStackFile(three({ design: { "cline:network": { cidr: "10.80.0.0/20" } } }), "platform");
    assert.deepEqual(platform.gatewayClients, ["design"]);
    assert.deepEqual(platformSpec().gatewayClients, []);
  });

  it("hashes caps, extra budgets and budget, and nothing else", () => {
    const extra = { department: "engineering", amountUsd: 1, reason: "why", approvedBy: "mori", until: "2026-12-31" };
    const hash = (over: Config, order: (files: Record<string, string>) => Record<string, string> = (files) => files) =>
      loadStackFile(order(three({ platform: { "cline:platform": over } })), "platform").platform.capsHash;
    const base = hash({});
    assert.match(base, /^[0-9a-f]{64}$/);
    assert.notEqual(hash({ monthlyBudgetUsd: 8001 }), base);
    assert.notEqual(hash({ caps: { engineering: { tpm: 999999 } } }), base);
    assert.notEqual(hash({ extraBudgets: [extra] }), base);
    assert.equal(hash({ auditors: ["abe", "ueno"], caps: { default: { models: ["standard", "light"] } } }), base);
    const [platform, department] = [platformSpec(), departmentSpec()];
    assert.equal(platform.platform.capsHash, department.platform.capsHash);
  });

  it("notes caps without a department, settings left to a shared account, and a quota to raise", () => {
    const people = Object.fromEntries(Array.from({ length: 960 }, (_, at) => [`person-${at}`, {}]));
    const { notes } = loadStackFile(
      three({
        platform: { "cline:platform": { account: "shared", caps: { later: { monthlyBudgetUsd: 1 } } } },
        design: { "cline:department": { developers: people } },
      }),
      "platform",
    );
    assert.equal(notes.filter((note) => !/account's quota|Bedrock takes/.test(note)).length, 4);
    for (const word of [
      "samples",
      "caps.later",
      "CloudTrail trail",
      "cost allocation tags",
      'quota "Roles per account"',
    ]) {
      assert(
        notes.some((note) => note.includes(word)),
        word,
      );
    }
  });
});

describe("loading", () => {
  it("refuses a project without stack files, which would pass every check", () => {
    const nothing =
      "stacks  folder: found no stack file; allowed one for each platform and department, Pulumi.STACK.yaml;";
    assert.throws(
      () => loadStackFiles({}),
      (error: Error) => error.message.startsWith(nothing),
    );
    assert.throws(
      () => loadSoundDepartments(tmpdir()),
      (error: Error) => error.message.startsWith(nothing),
    );
  });

  it("names the stack that is missing, and the one meant", () => {
    const fault = (name: string) => {
      try {
        loadStackFile(three({}), name);
      } catch (error) {
        return (error as Error).message;
      }
      return "";
    };
    assert.match(
      fault("enginering"),
      /^stacks\/Pulumi\.enginering\.yaml {2}file: found nothing; .*did you mean engineering\?$/,
    );
    assert.match(fault("sales"), /copy a stack file to it/);
  });

  it("says nothing of a file that cannot be read but that, and no other file is missing for it", () => {
    const extra = { amountUsd: 1, reason: "year end", approvedBy: "mori", until: "2026-12-31" };
    const guardrail = { id: "gr1", version: 1 };
    const platform = {
      "cline:platform": {
        caps: { engineering: { guardrail } },
        extraBudgets: [{ ...extra, department: "engineering" }],
      },
    };
    const broken = { ...three({ platform }), "Pulumi.engineering.yaml": "config: [\n" };
    assert.deepEqual(
      pathsOf(() => loadStackFiles(broken)),
      ["stacks/Pulumi.engineering.yaml line 2, column 1"],
    );
    const headless = { ...three({}), "Pulumi.platform.yaml": "config: [\n" };
    assert.deepEqual(
      pathsOf(() => loadStackFiles(headless)),
      ["stacks/Pulumi.platform.yaml line 2, column 1"],
    );
  });

  it("reads a folder without stack files as none", () => assert.deepEqual(readStackFiles("/nonexistent"), {}));
});
