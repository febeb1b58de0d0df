import assert from "node:assert/strict";
import { loadStackFile } from "../../config";
import { design, files as three, pathsOf, up } from "../support/fault-rows";
import { pinnedImages } from "../support/images";
import { type Config, fileText, merged, platformConfig } from "../support/specs";

describe("extra budgets and the day", () => {
  const extra = {
    department: "engineering",
    amountUsd: 500,
    reason: "migration",
    approvedBy: "mori",
    until: "2020-01-31",
  };
  const files = (amountUsd: number) =>
    three({
      platform: { "cline:images": pinnedImages, "cline:platform": { extraBudgets: [{ ...extra, amountUsd }] } },
    });

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
      platform: { "cline:images": pinnedImages, "cline:platform": { mfaMode: "identity-center", mfaAttestation } },
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
    const faulty = (over: Config) => ({ ...files(500), "Pulumi.design.yaml": fileText(merged(design, over)) });
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
      const platform = merged(platformConfig, {
        "cline:images": pinnedImages,
        "cline:platform": { timeZone: "Asia/Edo" },
      });
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

describe("sample images in an up", () => {
  it("are faults that say what each key takes, the AMI's and the others'", () => {
    const platform = { "cline:images": { workspaceAmi: "ami-00000000000000000" } };
    assert.throws(
      () => loadStackFile(three({ platform }), "platform", up()),
      ({ message }: Error) => {
        assert.match(message, /workspaceAmi: found .*; allowed the id of an AMI of the region; see docs/);
        assert.match(
          message,
          /images\.langfuse: found .*; allowed the digest or SHA-256 of what the mirror brings; see/,
        );
        return true;
      },
    );
  });
});
