import assert from "node:assert/strict";
import {
  type LoadOptions,
  loadStack,
  loadStackFile,
  loadStackFiles,
  readStackFiles,
  StackFilesError,
} from "../../config";
import { fixtures, fixtureStacks } from "../support/project";
import {
  type Config,
  departmentConfig,
  departmentSpec,
  fileText,
  merged,
  platformConfig,
  platformSpec,
} from "../support/specs";

const design = (over: Config = {}): Config =>
  merged(
    {
      "aws:region": "ap-northeast-1",
      "cline:sharedFrom": "platform",
      "cline:department": { lead: "kato", developers: { mizuno: {}, arai: {} } },
    },
    over,
  );
const three = (over: { platform?: Config; engineering?: Config; design?: Config } = {}) => ({
  "Pulumi.platform.yaml": fileText(merged(platformConfig, over.platform ?? {})),
  "Pulumi.engineering.yaml": fileText(merged(departmentConfig, over.engineering ?? {})),
  "Pulumi.design.yaml": fileText(design(over.design)),
});
/** Options of an `up` on a day. */
const up = (today = "2026-11-22"): LoadOptions => ({ deploying: true, today });
const pathsOf = (run: () => unknown): string[] => {
  try {
    run();
    return [];
  } catch (error) {
    assert(error instanceof StackFilesError, String(error));
    return error.faults.map(({ file, path }) => `${file} ${path}`);
  }
};

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
    assert.deepEqual(
      after.filter(({ stack }) => stack !== "design"),
      stacks,
    );
    const department = after.find(({ stack }) => stack === "design")!.department!;
    assert.deepEqual([department.name, department.lead, department.costCenter], ["design", "kato", "design"]);
    assert.deepEqual(
      department.developers.map(({ id }) => id),
      ["arai", "endo", "mizuno"],
    );
  });

  it("say that their images are samples, and a real up refuses each of them", () => {
    assert(stacks.every(({ images, notes }) => images.samples && notes.some((note) => note.includes("samples"))));
    assert.deepEqual(
      pathsOf(() => loadStack(fixtures, "engineering", up())).sort(),
      ["clickHouse", "collector", "gateway", "langfuse", "langfuseWorker", "workspaceAmi"].map(
        (name) => `stacks/Pulumi.platform.yaml cline:images.${name}`,
      ),
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
    const [, engineering] = loadStackFiles(three());
    assert.deepEqual(engineering, departmentSpec());
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
    assert.equal(notes.length, 4);
    for (const word of ["samples", "caps.later", "CloudTrail trail", 'quota "Roles per account"']) {
      assert(
        notes.some((note) => note.includes(word)),
        word,
      );
    }
  });
});

describe("extra budgets and the day", () => {
  const extra = {
    department: "engineering",
    amountUsd: 500,
    reason: "migration",
    approvedBy: "mori",
    until: "2020-01-31",
  };
  const images = Object.fromEntries(
    ["gateway", "langfuse", "langfuseWorker", "clickHouse", "collector"].map((name) => [
      name,
      `sha256:${"9f".repeat(32)}`,
    ]),
  );
  const files = (amountUsd: number) =>
    three({ platform: { "cline:images": images, "cline:platform": { extraBudgets: [{ ...extra, amountUsd }] } } });

  it("count in every preview, whatever the day", () => {
    assert.deepEqual(loadStackFile(files(500), "engineering").department!.extraBudgets, [{ ...extra, amountUsd: 500 }]);
    assert.deepEqual(
      pathsOf(() => loadStackFile(files(4001), "engineering")),
      ["stacks/Pulumi.platform.yaml cline:platform.monthlyBudgetUsd"],
    );
  });

  it("are ignored in an up after their last day, with a note", () => {
    const note = (today: string) => loadStackFile(files(4001), "engineering", up(today)).notes.join("\n");
    assert.match(
      note("2020-02-01"),
      /ended on 2020-01-31 and ignored; its entry in stacks\/Pulumi\.platform\.yaml can go/,
    );
    assert.deepEqual(
      pathsOf(() => note("2020-01-31")),
      ["stacks/Pulumi.platform.yaml cline:platform.monthlyBudgetUsd"],
    );
  });

  it("are the same resources in preview and up", () => {
    const { notes: _, ...preview } = loadStackFile(files(500), "engineering");
    const { notes: __, ...deployed } = loadStackFile(files(500), "engineering", up());
    assert.deepEqual(deployed, preview);
  });

  it("let an attestation end: a note in a preview, a fault in an up", () => {
    const mfaAttestation = { by: "abe", until: "2026-11-21" };
    const attested = three({
      platform: { "cline:images": images, "cline:platform": { mfaMode: "identity-center", mfaAttestation } },
    });
    assert(loadStackFile(attested, "platform").notes.some((note) => note.includes("abe attests until 2026-11-21")));
    assert.deepEqual(
      pathsOf(() => loadStackFile(attested, "platform", up("2026-11-21"))),
      [],
    );
    assert.deepEqual(
      pathsOf(() => loadStackFile(attested, "engineering", up("2026-11-22"))),
      ["stacks/Pulumi.platform.yaml cline:platform.mfaAttestation.until"],
    );
  });

  describe("a fault in another department's file", () => {
    const faulty = (over: Config) => ({ ...files(500), "Pulumi.design.yaml": fileText(design(over)) });
    const stops = (over: Config) => pathsOf(() => loadStackFile(faulty(over), "engineering", up())).length > 0;
    const department = (over: Config): Config => ({ "cline:department": over });

    for (const [name, over] of [
      ["an unknown size", department({ workspace: { size: "huge" } })],
      ["an unknown key", department({ nope: 1 })],
      ["a limit above its cap", department({ tpm: 10_000_000 })],
      ["a region that is not the platform's", { "aws:region": "ap-northeast-3" }],
    ] as const) {
      it(`stops a preview and no up: ${name}`, () => {
        assert.equal(stops(over), false);
        assert.notDeepEqual(
          pathsOf(() => loadStackFile(faulty(over), "engineering")),
          [],
        );
        assert.notDeepEqual(
          pathsOf(() => loadStackFile(faulty(over), "design", up())),
          [],
        );
      });
    }

    for (const [name, over] of [
      ["a budget that cannot be read", department({ monthlyBudgetUsd: "much" })],
      ["a budget above its cap", department({ monthlyBudgetUsd: 2000 })],
      ["a person of this department", department({ developers: { tanaka: {} } })],
      ["people who cannot be read", department({ developers: ["arai"] })],
      ["a network that overlaps", { "cline:network": { cidr: "10.64.0.0/20" } }],
      ["a network that cannot be read", { "cline:network": { cidr: "private" } }],
      ["no platform", { "cline:sharedFrom": "nowhere" }],
    ] as const) {
      it(`stops an up as well: ${name}`, () => assert.equal(stops(over), true));
    }

    it("stops an up when it is the platform's", () => {
      const platform = merged(platformConfig, { "cline:images": images, "cline:platform": { timeZone: "Asia/Edo" } });
      const faulty = { ...files(500), "Pulumi.platform.yaml": fileText(platform) };
      assert.deepEqual(
        pathsOf(() => loadStackFile(faulty, "engineering", up())),
        ["stacks/Pulumi.platform.yaml cline:platform.timeZone"],
      );
    });

    it("stops an up when the file cannot be read at all", () => {
      const broken = { ...files(500), "Pulumi.design.yaml": "config: [" };
      assert.deepEqual(pathsOf(() => loadStackFile(broken, "engineering", up())).slice(0, 1), [
        "stacks/Pulumi.design.yaml line 1, column 10",
      ]);
    });
  });
});

describe("loading", () => {
  it("names the stack that is missing, and the one meant", () => {
    const fault = (name: string) => {
      try {
        loadStackFile(three(), name);
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

  it("reads a folder without stack files as none", () => assert.deepEqual(readStackFiles("/nonexistent"), {}));
});
