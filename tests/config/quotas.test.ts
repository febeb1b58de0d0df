import assert from "node:assert/strict";
import fc from "fast-check";
import { loadStackFile, loadStackFiles, type StackSpec } from "../../config";
import { merged, platformSpec } from "../support/specs";
import { type Configs, filesOf, stackConfigs } from "../support/stack-files";

const codes = { lambdaConcurrency: "L-B99A9384", fargateVcpu: "L-3032A538", ec2Vcpu: "L-1216C47A" } as const;
type Amounts = Record<keyof typeof codes, number>;
const keys = Object.keys(codes) as (keyof Amounts)[];

/** The platform's notes about quotas, when its file has these. */
function notesWith(configs: Configs, quotas: Partial<Amounts>): string[] {
  const platform = merged(configs["platform"]!, { "cline:platform": { quotas } });
  const { notes } = loadStackFile(filesOf({ ...configs, platform }), "platform");
  return notes.filter((note) => note.includes("account's quota"));
}

/** What the notes say is needed, when nothing is enough. */
function needed(configs: Configs): Amounts {
  const notes = notesWith(configs, { lambdaConcurrency: 1, fargateVcpu: 1, ec2Vcpu: 1 });
  const amount = (code: string) =>
    Number(/need (\d+) /.exec(notes.find((note) => note.includes(code)) ?? "")?.[1] ?? Number.NaN);
  return {
    lambdaConcurrency: amount(codes.lambdaConcurrency),
    fargateVcpu: amount(codes.fargateVcpu),
    ec2Vcpu: amount(codes.ec2Vcpu),
  };
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
        for (const key of keys) {
          const notes = notesWith(configs, { ...enough, [key]: enough[key] - 1 });
          assert.equal(notes.length, 1);
          const words = `need ${enough[key]} .*\\(${codes[key]}\\) is ${enough[key] - 1}: .*quotas\\.${key} of stacks/Pulumi\\.platform\\.yaml`;
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

  it("are not compared where the file has none, except Lambda's default of an established account", () => {
    fc.assert(
      fc.property(stackConfigs({ developers: 2 }), (configs) => assert.deepEqual(notesWith(configs, {}), [])),
      { numRuns: 10 },
    );
    assert.equal(platformSpec().platform.quotas.lambdaConcurrency, 1000);
    assert.equal(platformSpec().platform.quotas.fargateVcpu, undefined);
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
