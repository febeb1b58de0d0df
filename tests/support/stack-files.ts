import fc from "fast-check";
import {
  modelsWithin,
  modelTiers,
  openZones,
  priorities,
  residencies,
  sourceRegions,
  type StackFiles,
} from "../../config";
import { looksSecret } from "../../config/credentials";
import { type Config, fileText } from "./specs";

/** `config` of every stack by stack name. */
export type Configs = Readonly<Record<string, Config>>;

/** Stack files of configurations. */
export function filesOf(configs: Configs): StackFiles {
  return Object.fromEntries(
    Object.entries(configs).map(([stack, config]) => [`Pulumi.${stack}.yaml`, fileText(config)]),
  );
}

/** An organization at the limits of the schema: every name has the maximum length. */
export interface Size {
  readonly departments: number;
  /** Developers of a department, by its position from 0. */
  readonly developers: (at: number) => number;
}

const padded = (start: string, length: number) => start.padEnd(length, "x");

/**
 * A platform called `platform` and its departments, deterministic. Names are the longest that the
 * schema allows.
 */
export function largestConfigs({ departments, developers }: Size): Configs {
  const budgetUsd = 1000;
  const platform: Config = {
    "aws:region": "ap-northeast-1",
    "aws:allowedAccountIds": ["111122223333"],
    "cline:platform": {
      organization: padded("org", 12),
      monthlyBudgetUsd: departments * budgetUsd,
      alertEmails: ["cloud-cost@example.com"],
      residency: "jp",
      mfaMode: "assume-role",
      operators: [padded("operator", 31)],
      auditors: [padded("auditor", 31)],
      caps: {
        default: { monthlyBudgetUsd: budgetUsd, tpm: 200000, rpm: 300, models: [...modelTiers], priority: "high" },
      },
    },
    "cline:network": { cidr: "10.64.0.0/16", zones: 3 },
    "cline:gateway": {},
    "cline:observability": {},
    "cline:images": {},
  };
  const department = (at: number): Config => ({
    "aws:region": "ap-northeast-1",
    "cline:sharedFrom": "platform",
    "cline:department": {
      lead: padded(`lead-${at}-`, 31),
      costCenter: padded(`CC-${at}-`, 64),
      developers: Object.fromEntries(
        Array.from({ length: developers(at) }, (_, person) => [padded(`dev-${at}-${person}-`, 31), {}]),
      ),
    },
  });
  const stacks = Array.from({ length: departments }, (_, at): [string, Config] => [
    padded(`dept-${at}-`, 20),
    department(at),
  ]);
  return { platform, ...Object.fromEntries(stacks) };
}

const name = (pattern: RegExp) => fc.stringMatching(pattern, { size: "max" });
const organization = name(/^[b-z]([a-z0-9]{0,5}-?[a-z0-9]){1,1}$/);
/** Ids, without those that the loader takes for a key ("sk-" and 24 more). */
const person = name(/^[a-z][a-z0-9-]{1,30}$/).filter((id) => !looksSecret(id));
const departmentName = name(/^[c-n](-?[a-z0-9]){0,9}$/);
const emails = fc.uniqueArray(name(/^[a-z]{1,8}@example\.com$/), { minLength: 1, maxLength: 3 });
const date = fc.constantFrom("2020-02-29", "2026-12-31", "2031-01-01");
const subset = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const limits = fc.record({
  monthlyBudgetUsd: fc.integer({ min: 100, max: 500000 }).map((cents) => cents / 100),
  tpm: fc.integer({ min: 1000, max: 5_000_000 }),
  rpm: fc.integer({ min: 1, max: 10_000 }),
  models: subset(modelTiers),
  priority: fc.constantFrom(...priorities),
});
type Cap = { monthlyBudgetUsd: number; tpm: number; rpm: number; models: string[]; priority: string };

/** Limits that keep within a cap, each written or left out. */
const within = (cap: Cap) =>
  fc.record(
    {
      tpm: fc.integer({ min: 1000, max: cap.tpm }),
      rpm: fc.integer({ min: 1, max: cap.rpm }),
      models: subset(cap.models),
      priority: fc.constantFrom(...priorities.slice(0, priorities.indexOf(cap.priority as "low") + 1)),
    },
    { requiredKeys: [] },
  );

const workspace = fc.record(
  {
    size: fc.constantFrom("small", "medium", "large", "xlarge"),
    schedule: fc.record(
      {
        start: fc.constantFrom("00:00", "08:30"),
        stop: fc.constantFrom("12:00", "23:59"),
        days: subset(["mon", "sat", "sun"]),
      },
      { requiredKeys: ["start", "stop"] },
    ),
    idleMinutes: fc.integer({ min: 15, max: 720 }),
    homeGiB: fc.integer({ min: 20, max: 1000 }),
    sources: fc.constantFrom([], ["codecommit"]),
  },
  { requiredKeys: [] },
);

const sshPublicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl someone@example.com";

/**
 * Own sections of a department: none, a network, or all three; in an account of its own always all
 * three.
 */
type Standing = "shared" | "network" | "alone" | "account";

interface Plan {
  readonly name: string;
  readonly people: string[];
  readonly standing: Standing;
  readonly hasCap: boolean;
}

function departmentConfig(plan: Plan, at: number, cap: Cap, region: string): fc.Arbitrary<Config> {
  const [lead, ...developers] = plan.people as [string, ...string[]];
  const cents = Math.round(cap.monthlyBudgetUsd * 100);
  const own = { cidr: `10.${at + 1}.0.0/20`, zones: Math.min((at % 2) + 2, openZones(region)) };
  const account = `${444455550000 + at}`;
  return within(cap).chain((written) => {
    const limit = { ...cap, ...written };
    const developer = fc.record(
      {
        share: fc.integer({ min: 0, max: Math.floor(cents / Math.max(1, developers.length)) }),
        limits: within(limit),
        workspace,
        ssh: fc.boolean(),
      },
      { requiredKeys: ["limits"] },
    );
    return fc
      .record({
        settings: fc.tuple(...developers.map(() => developer)),
        budget: maybe(fc.constant(cap.monthlyBudgetUsd)),
        costCenter: maybe(fc.constantFrom("CC-1042", "Team A 1", "a/b:c")),
        alertEmails: maybe(emails),
        keepPromptText: maybe(fc.boolean()),
        workspace: maybe(workspace),
      })
      .map(({ settings, budget, ...rest }): Config => ({
        "aws:region": region,
        ...(plan.standing === "account" ? { "aws:allowedAccountIds": [account] } : {}),
        "cline:sharedFrom": "platform",
        ...(plan.standing === "shared" ? {} : { "cline:network": own }),
        ...(plan.standing === "alone" || plan.standing === "account"
          ? { "cline:gateway": {}, "cline:observability": { logRetentionDays: 731 } }
          : {}),
        "cline:department": withoutUndefined({
          lead,
          ...written,
          ...rest,
          monthlyBudgetUsd: budget,
          developers: Object.fromEntries(
            developers.map((id, place) => {
              const { share, limits: own, workspace: machine, ssh } = settings[place]!;
              const usd = share === undefined ? undefined : share / 100;
              const key = ssh ? sshPublicKey : undefined;
              return [id, withoutUndefined({ ...own, monthlyBudgetUsd: usd, workspace: machine, sshPublicKey: key })];
            }),
          ),
        }),
      }));
  });
}

const withoutUndefined = (config: Config): Config =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));

/**
 * Any valid platform `platform` with up to four departments of up to `developers` people: valid
 * under the schema and the checks.
 */
export function stackConfigs({ developers = 6 } = {}): fc.Arbitrary<Configs> {
  const plans = fc
    .record({
      names: fc.uniqueArray(departmentName, { maxLength: 4 }),
      people: fc.uniqueArray(person, { minLength: 4 * (developers + 1), maxLength: 4 * (developers + 1) }),
      sizes: fc.array(fc.nat(developers), { minLength: 4, maxLength: 4 }),
      standings: fc.array(fc.constantFrom<Standing>("shared", "shared", "network", "alone", "account"), {
        minLength: 4,
        maxLength: 4,
      }),
      capped: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    })
    .map(({ names, people, sizes, standings, capped }) =>
      names.map((each, at): Plan => ({
        name: each,
        people: people.slice(at * (developers + 1), at * (developers + 1) + 1 + sizes[at]!),
        standing: standings[at]!,
        hasCap: capped[at]!,
      })),
    );
  const organizationWide = fc.constantFrom(...residencies).chain((residency) =>
    fc.record({
      residency: fc.constant(residency),
      region: fc.constantFrom(...sourceRegions(residency)),
      models: maybe(
        fc.record(
          { light: fc.constantFrom(...modelsWithin(residency)), strong: fc.constantFrom(...modelsWithin(residency)) },
          { requiredKeys: [] },
        ),
      ),
      organization,
      mfaMode: fc.constantFrom("assume-role", "iam-user", "identity-center"),
      alertEmails: emails,
      caps: fc.array(limits, { minLength: 5, maxLength: 5 }),
      extra: maybe(
        fc.record({
          amountUsd: fc.integer({ min: 1, max: 900 }),
          until: date,
          reason: fc.constantFrom("移行", "year-end"),
        }),
      ),
      timeZone: maybe(fc.constantFrom("UTC", "Asia/Tokyo", "America/Argentina/Buenos_Aires")),
      account: maybe(fc.constantFrom("dedicated", "shared")),
      zones: fc.constantFrom(2, 3, undefined),
    }),
  );
  return fc.tuple(plans, organizationWide).chain(([departments, wide]) => {
    const capOf = (plan: Plan, at: number) => wide.caps[plan.hasCap ? at + 1 : 0]!;
    return fc
      .tuple(...departments.map((plan, at) => departmentConfig(plan, at, capOf(plan, at), wide.region)))
      .map((configs): Configs => {
        const named = departments.flatMap((plan, at) => (plan.hasCap ? [[plan.name, capOf(plan, at)] as const] : []));
        const extras =
          wide.extra && departments[0] ? [{ ...wide.extra, department: departments[0].name, approvedBy: "mori" }] : [];
        const spent = departments.reduce(
          (sum, plan, at) => sum + Math.round(capOf(plan, at).monthlyBudgetUsd * 100),
          0,
        );
        const most = Math.max(...wide.caps.map((cap) => Math.round(cap.monthlyBudgetUsd * 100)));
        const platform = withoutUndefined({
          organization: wide.organization,
          monthlyBudgetUsd: Math.max(spent + (extras[0]?.amountUsd ?? 0) * 100, most) / 100,
          alertEmails: wide.alertEmails,
          residency: wide.residency,
          models: wide.models,
          mfaMode: wide.mfaMode,
          mfaAttestation: wide.mfaMode === "identity-center" ? { by: "abe", until: "2031-01-01" } : undefined,
          operators: ["mori"],
          auditors: ["abe"],
          caps: { default: wide.caps[0], ...Object.fromEntries(named) },
          extraBudgets: extras.length > 0 ? extras : undefined,
          timeZone: wide.timeZone,
          account: wide.account,
        });
        return {
          platform: {
            "aws:region": wide.region,
            "aws:allowedAccountIds": ["111122223333"],
            "cline:platform": platform,
            "cline:network": withoutUndefined({
              cidr: "172.16.0.0/20",
              zones: wide.zones && Math.min(wide.zones, openZones(wide.region)),
            }),
            "cline:gateway": {},
            "cline:observability": {},
          },
          ...Object.fromEntries(departments.map((plan, at) => [plan.name, configs[at]!])),
        };
      });
  });
}
