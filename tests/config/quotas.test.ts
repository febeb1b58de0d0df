import assert from "node:assert/strict";
import fc from "fast-check";
import { loadStackFile, loadStackFiles, type StackSpec } from "../../config";
import { merged, platformConfig, platformSpec } from "../support/specs";
import { type Configs, filesOf, largestConfigs, stackConfigs } from "../support/stack-files";

const codes = {
  lambdaConcurrency: "L-B99A9384",
  fargateVcpu: "L-3032A538",
  ec2Vcpu: "L-1216C47A",
  roles: "L-FE177D64",
  instanceProfiles: "L-6E65F664",
  securityGroups: "L-E79EC296",
  vpcs: "L-F678F1CE",
  gp3TiB: "L-7A658B76",
  databaseInstances: "L-7B6409FD",
} as const;
type Amounts = Record<keyof typeof codes, number>;
const keys = Object.keys(codes) as (keyof Amounts)[];
const each = (amount: (key: keyof Amounts) => number): Amounts =>
  Object.fromEntries(keys.map((key) => [key, amount(key)])) as Amounts;

/** The platform's notes about quotas, when its file has these. */
function notesWith(configs: Configs, quotas: Partial<Amounts>): string[] {
  const platform = merged(configs["platform"]!, { "cline:platform": { quotas } });
  const { notes } = loadStackFile(filesOf({ ...configs, platform }), "platform");
  return notes.filter((note) => note.includes("account's quota"));
}

/** What the notes say is needed, when nothing is enough; 1 where that is. */
function needed(configs: Configs): Amounts {
  const notes = notesWith(
    configs,
    each(() => 1),
  );
  return each((key) => Number(/need (\d+) /.exec(notes.find((note) => note.includes(codes[key])) ?? "")?.[1] ?? 1));
}

const vcpu = { small: 2, medium: 2, large: 4, xlarge: 8 };
const inAccount = (specs: readonly StackSpec[]) =>
  specs.filter(({ accountId, platform }) => accountId === platform.accountId);

describe("the account's quotas", () => {
  it("are noted when the stack files exceed them by one, and not when they are just enough", () => {
    fc.assert(
      fc.property(stackConfigs({ developers: 3 }), (configs) => {
        const enough = needed(configs);
        assert.deepEqual(notesWith(configs, enough), []);
        for (const key of keys.filter((each) => enough[each] > 1)) {
          const notes = notesWith(configs, { ...enough, [key]: enough[key] - 1 });
          assert.equal(notes.length, 1);
          const words = `need ${enough[key]} .*\\(${codes[key]}\\) is ${enough[key] - 1}(, a new account's default)?: .*quotas\\.${key} of stacks/Pulumi\\.platform\\.yaml`;
          assert.match(notes[0]!, new RegExp(words));
        }
      }),
      { numRuns: 25 },
    );
  });

  it("count every workspace, host and gateway of the account once, and none of other accounts", () => {
    fc.assert(
      fc.property(stackConfigs({ developers: 4 }), (configs) => {
        const specs = inAccount(loadStackFiles(filesOf(configs)));
        const people = specs.flatMap(({ department }) => department?.developers ?? []);
        const hosts = specs.filter(({ observability }) => observability).length;
        const tasks = specs.reduce((sum, { gateway }) => sum + (gateway?.maxTasks ?? 0), 0);
        const { ec2Vcpu, fargateVcpu } = needed(configs);
        assert.equal(
          ec2Vcpu,
          people.reduce((sum, { workspace }) => sum + vcpu[workspace.size], 4 * hosts),
        );
        assert.equal(fargateVcpu, 2 * (2 * tasks + 5 * hosts));
      }),
      { numRuns: 50 },
    );
  });

  it("are a new account's where the file has none, and the notes say so", () => {
    const { quotas } = platformSpec().platform;
    assert.deepEqual(
      keys.map((key) => quotas[key]),
      [10, 6, 5, 1000, 1000, 2500, 5, 50, 40],
    );
    fc.assert(
      fc.property(stackConfigs({ developers: 2 }), (configs) => {
        for (const note of notesWith(configs, {}))
          assert.match(note, / is (10|6|5|40), a new account's default: raise it/);
        assert.ok(notesWith(configs, {}).some((note) => note.includes("L-B99A9384")));
        assert.ok(notesWith(configs, { lambdaConcurrency: 11 }).every((note) => !/ 11, a new/.test(note)));
      }),
      { numRuns: 10 },
    );
  });

  it("are exceeded by 60 departments of 50 people, each by name, code, need and default", () => {
    const configs = largestConfigs({ departments: 60, developers: () => 50 });
    const notes = notesWith(configs, {}).map((note) =>
      /need (\d+) .*\((L-\w+)\) is (\d+)/.exec(note)?.slice(1, 4).join(" "),
    );
    // Per person a role, a profile, a security group, 66 GiB and 2 vCPU; per department 3 roles.
    const at = (amount: number, key: keyof Amounts, standard: number) => `${amount} ${codes[key]} ${standard}`;
    assert.deepEqual(notes.slice(2), [
      at(6004, "ec2Vcpu", 5),
      at(3000 + 3 * 60 + 50, "roles", 1000),
      at(3002, "instanceProfiles", 1000),
      at(3032, "securityGroups", 2500),
      at(Math.ceil((3000 * 66 + 128) / 1024), "gp3TiB", 50),
    ]);
  });

  it("of VPCs and databases are exceeded by departments that stand alone", () => {
    const alone = (at: number) => ({
      "aws:region": "ap-northeast-1",
      "cline:sharedFrom": "platform",
      "cline:department": { lead: `lead-${at}`, developers: {} },
      "cline:network": { cidr: `10.${80 + at}.0.0/20` },
      "cline:gateway": {},
      "cline:observability": {},
    });
    const budget = { caps: { default: { monthlyBudgetUsd: 1 }, engineering: undefined } };
    const configs = {
      platform: merged(platformConfig, { "cline:platform": budget }),
      ...Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`alone-${at}`, alone(at)])),
    };
    const notes = notesWith(configs, {}).join("\n");
    assert.match(notes, /need 12 VPCs, with the region's default one; .*\(L-F678F1CE\) is 5/);
    assert.match(notes, /need 44 DB instances; .*\(L-7B6409FD\) is 40/);
  });

  it("of Bedrock are noted where the departments' limits exceed them, tier by tier", () => {
    const department = (name: string, limits: object) => ({
      "aws:region": "ap-northeast-1",
      "cline:sharedFrom": "platform",
      "cline:department": { lead: `lead-${name}`, developers: { [`dev-${name}`]: {} }, ...limits },
    });
    const cap = { monthlyBudgetUsd: 100, tpm: 300_000, rpm: 90, models: ["light", "strong"], priority: "normal" };
    const bedrock = { strong: { tpm: 500_000, rpm: 180 } };
    const notes = (second: object) =>
      loadStackFile(
        filesOf({
          platform: merged(platformConfig, {
            "cline:platform": { quotas: { bedrock }, caps: { default: cap, engineering: undefined } },
          }),
          one: department("one", {}),
          two: department("two", second),
        }),
        "platform",
      ).notes.filter((note) => note.includes("Bedrock takes"));
    assert.deepEqual(notes({ tpm: 200_000 }), []);
    assert.deepEqual(notes({ models: ["light"] }), [], "only who may use the tier counts");
    const [note, ...others] = notes({ tpm: 200_001 });
    assert.deepEqual(others, []);
    assert.match(
      note!,
      /may send 500001 tokens per minute to strong; Bedrock takes 500000 .*"Cross-Region InvokeModel tokens per minute for claude-opus-5-5".*quotas\.bedrock\.strong\.tpm/,
    );
  });

  it("of Bedrock keep their defaults tier by tier and number by number", () => {
    const { quotas } = platformSpec({ "cline:platform": { quotas: { bedrock: { strong: { rpm: 400 } } } } }).platform;
    assert.deepEqual(quotas.bedrock, {
      light: { tpm: 2_000_000, rpm: 1000 },
      standard: { tpm: 1_000_000, rpm: 500 },
      strong: { tpm: 500_000, rpm: 400 },
    });
  });
});

describe("a gateway's queue", () => {
  it("keeps its defaults setting by setting", () => {
    const { gateway } = platformSpec({ "cline:gateway": { queue: { waitSeconds: 20, places: { strong: 45 } } } });
    assert.deepEqual(gateway!.queue, {
      waitSeconds: 20,
      outageSeconds: 60,
      places: { light: 100, standard: 60, strong: 45 },
    });
  });
});
