import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { loadStackFiles, names, pathText, priorities, type StackSpec, toCents } from "../../config";
import { faultsIn } from "../support/fault-rows";
import { type Config, merged } from "../support/specs";
import { type Configs, filesOf, largestConfigs, stackConfigs } from "../support/stack-files";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What must hold of every spec that loads. */
function assertSound(specs: readonly StackSpec[]): void {
  const { platform } = specs.find(({ department }) => department === undefined)!;
  const departments = specs.flatMap(({ department }) => department ?? []);
  const given = sum(departments.map(({ monthlyBudgetUsd }) => toCents(monthlyBudgetUsd)));
  assert(
    given + sum(platform.extraBudgets.map(({ amountUsd }) => toCents(amountUsd))) <= toCents(platform.monthlyBudgetUsd),
  );
  for (const department of departments) {
    assert(
      sum(department.developers.map((each) => toCents(each.monthlyBudgetUsd))) <= toCents(department.monthlyBudgetUsd),
    );
    const steps = [{ ...department.cap }, department, ...department.developers];
    for (const step of steps.slice(1)) {
      const above = step === department ? department.cap : department;
      assert(step.tpm <= above.tpm && step.rpm <= above.rpm && step.monthlyBudgetUsd <= above.monthlyBudgetUsd);
      assert(step.models.every((tier) => above.models.includes(tier)));
      assert(priorities.indexOf(step.priority) <= priorities.indexOf(above.priority));
    }
    assert(department.developers.every(({ blocked, monthlyBudgetUsd }) => blocked === (monthlyBudgetUsd === 0)));
  }
}

/** Physical names that the program gives out before the resource exists, by account. */
function physicalNames(specs: readonly StackSpec[]): string[] {
  return specs.flatMap(({ stack, accountId, platform, department }) => {
    const known = names(platform.organization);
    const own = department
      ? [
          known.sessionRole(stack),
          known.leadRole(stack),
          ...department.developers.flatMap(({ id }) => [known.workspaceRole(id), known.virtualKey(stack, id)]),
        ]
      : [known.operatorRole(), known.auditorRole(), known.boundary("human"), known.boundary("workload")];
    return [...own, known.role(stack, "gateway-task"), known.bucket(stack, "artifacts", accountId, "r")].map(
      (name) => `${accountId} ${name}`,
    );
  });
}

describe("any valid stack files", () => {
  it("load, keep every sum and limit, and give unique physical names", () => {
    fc.assert(
      fc.property(stackConfigs(), (configs) => {
        const specs = loadStackFiles(filesOf(configs));
        assert.deepEqual(
          specs.map(({ stack }) => stack),
          Object.keys(configs).sort(),
        );
        assertSound(specs);
        const all = physicalNames(specs);
        assert.equal(new Set(all).size, all.length);
      }),
      { numRuns: 150 },
    );
  });

  it("load at the size and with the longest names that AWS must take", () => {
    const specs = loadStackFiles(filesOf(largestConfigs({ departments: 20, developers: () => 50 })));
    assert.equal(sum(specs.map(({ department }) => department?.developers.length ?? 0)), 1000);
    assertSound(specs);
    const all = physicalNames(specs);
    assert.equal(new Set(all).size, all.length);
    assert(specs.every(({ stack }) => stack.length <= 20));
  });

  it("change nobody else's spec when a person joins a department", () => {
    fc.assert(
      fc.property(stackConfigs(), (configs) => {
        const stack = Object.keys(configs).find((name) => name !== "platform");
        if (stack === undefined) return;
        const joined = {
          ...configs,
          [stack]: merged(configs[stack]!, { "cline:department": { developers: { zz9newcomer: {} } } }),
        };
        const before = loadStackFiles(filesOf(configs));
        const after = loadStackFiles(filesOf(joined));
        // The platform's notes compare the account's quotas with what all stacks need together.
        const others = (specs: readonly StackSpec[]) =>
          specs.filter((spec) => spec.stack !== stack).map((spec) => ({ ...spec, notes: [] }));
        assert.deepEqual(others(after), others(before));
        // Shares aside, which stand in the declared state only, the others of the department stay as they are.
        const people = (specs: readonly StackSpec[]) =>
          specs
            .flatMap((spec) => (spec.stack === stack ? spec.department!.developers : []))
            .filter(({ id }) => id !== "zz9newcomer")
            .map(({ monthlyBudgetUsd: _, blocked: __, ...rest }) => rest);
        assert.deepEqual(people(after), people(before));
      }),
      { numRuns: 50 },
    );
  });
});

/** One forbidden change: what it lays over one stack, and the path of the fault. */
interface Spoil {
  readonly over: Config;
  readonly path: string;
}
type Spoiler = (config: Config, configs: Configs, stack: string) => Spoil | undefined;

type Section = Readonly<Record<string, never>> & {
  developers: Record<string, Config>;
  caps: Record<string, { monthlyBudgetUsd: number }>;
  lead: string;
  residency: string;
};
const section = (config: Config, name: string) => config[name] as Section | undefined;
const department = (over: Config): Config => ({ "cline:department": over });
const platform = (over: Config): Config => ({ "cline:platform": over });
const onDepartment =
  (make: (config: Section, configs: Configs, stack: string) => Spoil | undefined): Spoiler =>
  (config, configs, stack) => {
    const own = section(config, "cline:department");
    return own && make(own, configs, stack);
  };
const onPlatform =
  (make: (config: Section) => Spoil | undefined): Spoiler =>
  (config) => {
    const own = section(config, "cline:platform");
    return own && make(own);
  };
const onDeveloper = (over: unknown, path: string) =>
  onDepartment(({ developers }) => {
    const id = Object.keys(developers)[0];
    if (id === undefined) return undefined;
    return { over: department({ developers: { [id]: over } }), path: `cline:department.developers.${id}${path}` };
  });
const always =
  (over: Config, path: string): Spoiler =>
  () => ({ over, path });

const spoilers: Readonly<Record<string, Spoiler>> = {
  "unknown key": always({ "cline:departments": {} }, "cline:departments"),
  "no region": always({ "aws:region": undefined }, "aws:region"),
  "another region": always({ "aws:region": "mx-central-1" }, "aws:region"),
  "unknown key of a department": onDepartment(() => ({
    over: department({ budget: 1 }),
    path: "cline:department.budget",
  })),
  "no lead": onDepartment(() => ({ over: department({ lead: undefined }), path: "cline:department.lead" })),
  "no developers": onDepartment(() => ({
    over: department({ developers: undefined }),
    path: "cline:department.developers",
  })),
  "budget in words": onDepartment(() => ({
    over: department({ monthlyBudgetUsd: "3k" }),
    path: "cline:department.monthlyBudgetUsd",
  })),
  "budget above every cap": onDepartment(() => ({
    over: department({ monthlyBudgetUsd: 9_000_000 }),
    path: "cline:department.monthlyBudgetUsd",
  })),
  "budget of nothing": onDepartment(() => ({
    over: department({ monthlyBudgetUsd: 0 }),
    path: "cline:department.monthlyBudgetUsd",
  })),
  "tokens above every cap": onDepartment(() => ({
    over: department({ tpm: 99_000_000 }),
    path: "cline:department.tpm",
  })),
  "requests above every cap": onDepartment(() => ({
    over: department({ rpm: 999_999 }),
    path: "cline:department.rpm",
  })),
  "unknown model": onDepartment(() => ({ over: department({ models: ["opus"] }), path: "cline:department.models[0]" })),
  "unknown platform": onDepartment(() => ({ over: { "cline:sharedFrom": "zzz" }, path: "cline:sharedFrom" })),
  "public network": onDepartment(() => ({
    over: { "cline:network": { cidr: "52.0.0.0/16" } },
    path: "cline:network.cidr",
  })),
  "the platform's network": onDepartment(() => ({
    over: { "cline:network": { cidr: "172.16.8.0/21" } },
    path: "cline:network.cidr",
  })),
  "somebody else's person": onDepartment((_, configs, stack) => {
    const other = Object.entries(configs).find(
      ([name, config]) => name !== stack && section(config, "cline:department"),
    );
    if (!other) return undefined;
    const { lead } = section(other[1], "cline:department")!;
    return { over: department({ developers: { [lead]: {} } }), path: `cline:department.developers.${lead}` };
  }),
  "a developer's null": onDeveloper(null, ""),
  "a developer's unknown key": onDeveloper({ keepPromptText: true }, ".keepPromptText"),
  "a developer's unknown model": onDeveloper({ models: ["opus"] }, ".models[0]"),
  "a developer's share below nothing": onDeveloper({ monthlyBudgetUsd: -1 }, ".monthlyBudgetUsd"),
  "a developer's tokens above the department": onDeveloper({ tpm: 99_000_000 }, ".tpm"),
  "a developer's size": onDeveloper({ workspace: { size: "2xlarge" } }, ".workspace.size"),
  "a developer's idle time": onDeveloper({ workspace: { idleMinutes: 5 } }, ".workspace.idleMinutes"),
  "a developer's private key": onDeveloper({ sshPublicKey: "-----BEGIN OPENSSH PRIVATE KEY-----" }, ".sshPublicKey"),
  "a developer's snapshot as home": onDeveloper({ homeVolume: "snap-0123456789abcdef0" }, ".homeVolume"),
  "no mfaMode": onPlatform(() => ({ over: platform({ mfaMode: undefined }), path: "cline:platform.mfaMode" })),
  "no operators": onPlatform(() => ({ over: platform({ operators: [] }), path: "cline:platform.operators" })),
  "no default cap": onPlatform(() => ({
    over: platform({ caps: { default: undefined } }),
    path: "cline:platform.caps.default",
  })),
  "cap above the budget": onPlatform(() => ({
    over: platform({ caps: { zzz: { monthlyBudgetUsd: 10_000_000 } } }),
    path: "cline:platform.caps.zzz.monthlyBudgetUsd",
  })),
  "unapproved extra budget": onPlatform(() => ({
    over: platform({
      extraBudgets: [{ department: "zzz", amountUsd: 1, reason: "because", approvedBy: "nobody", until: "2031-01-01" }],
    }),
    path: "cline:platform.extraBudgets[0].approvedBy",
  })),
  "a second account": onPlatform(() => ({
    over: { "aws:allowedAccountIds": ["111122223333", "444455556666"] },
    path: "aws:allowedAccountIds",
  })),
  "a model outside the residency": onPlatform(({ residency }) => {
    const absent = {
      jp: "nova-pro",
      au: "nova-2-lite",
      global: "nova-pro",
      us: undefined,
      eu: undefined,
      apac: undefined,
    }[residency];
    return absent === undefined
      ? undefined
      : { over: platform({ models: { light: absent } }), path: "cline:platform.models.light" };
  }),
  "no network": onPlatform(() => ({ over: { "cline:network": undefined }, path: "cline:network" })),
  "a short retention": always(
    { "cline:observability": { logRetentionDays: 30 } },
    "cline:observability.logRetentionDays",
  ),
  "an image tag": always({ "cline:images": { gateway: "main-stable" } }, "cline:images.gateway"),
};

describe("any single forbidden change to valid stack files", () => {
  for (const [name, spoiler] of Object.entries(spoilers)) {
    it(`is refused with its path: ${name}`, () => {
      let spoiled = 0;
      fc.assert(
        fc.property(stackConfigs({ developers: 3 }), (configs) => {
          for (const [stack, config] of Object.entries(configs)) {
            const spoil = spoiler(config, configs, stack);
            if (!spoil) continue;
            spoiled++;
            const files = filesOf({ ...configs, [stack]: merged(config, spoil.over) });
            const places = faultsIn(() => loadStackFiles(files)).map(({ file, path }) => `${file} ${path}`);
            const place = `stacks/Pulumi.${stack}.yaml ${spoil.path}`;
            assert(places.includes(place), `${place} is not among ${places.join(", ") || "no faults"}`);
            return;
          }
        }),
        { numRuns: 8 },
      );
      assert(spoiled > 0, "nothing was spoiled");
    });
  }
});

/** Paths of every value of a configuration. */
function pathsIn(value: unknown, path: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const children = Array.isArray(value)
    ? value.map((child: unknown, at) => [at, child] as const)
    : Object.entries(value);
  return [path, ...children.flatMap(([name, child]) => pathsIn(child, [...path, name]))];
}

describe("a value that cannot be read", () => {
  it("is at fault alone: checks across keys and files leave it out", () => {
    fc.assert(
      fc.property(stackConfigs({ developers: 3 }), fc.nat(), fc.nat(), (configs, which, where) => {
        const stacks = Object.keys(configs);
        const stack = stacks[which % stacks.length]!;
        const spoiled = JSON.parse(JSON.stringify(configs[stack])) as Config;
        const paths = pathsIn(spoiled).filter((path) => path.length > 0);
        const path = paths[where % paths.length]!;
        const parent = path.slice(0, -1).reduce<unknown>((value, part) => value![part as keyof typeof value], spoiled);
        // No setting takes it.
        (parent as Record<PropertyKey, unknown>)[path.at(-1)!] = -1;
        const faults = faultsIn(() => loadStackFiles(filesOf({ ...configs, [stack]: spoiled })));
        assert.deepEqual(
          faults.map((fault) => `${fault.file} ${fault.path}`),
          [`stacks/Pulumi.${stack}.yaml ${pathText(path)}`],
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe("anything at all", () => {
  const [platformText, ...rest] = Object.values(filesOf(largestConfigs({ departments: 1, developers: () => 2 })));

  it("loads or is refused by faults, never by another error", () => {
    const files = (text: string) => ({ "Pulumi.platform.yaml": platformText!, "Pulumi.design.yaml": text });
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => stringify({ config: value })),
      fc.jsonValue().map((value) => stringify({ config: { "cline:department": value } })),
      fc.jsonValue().map((value) => stringify({ config: { "cline:platform": value } })),
    );
    fc.assert(
      fc.property(anything, (text) =>
        assert.notDeepEqual(
          faultsIn(() => loadStackFiles(files(text))),
          [],
        ),
      ),
      { numRuns: 300 },
    );
  });

  it("cut off or changed at any place loads or is refused by faults", () => {
    const [department] = rest;
    fc.assert(
      fc.property(fc.nat(department!.length), fc.nat(20), fc.string({ maxLength: 5 }), (from, length, insert) => {
        const text = department!.slice(0, from) + insert + department!.slice(from + length);
        faultsIn(() => loadStackFiles({ "Pulumi.platform.yaml": platformText!, "Pulumi.design.yaml": text }));
      }),
      { numRuns: 300 },
    );
  });
});
