import assert from "node:assert/strict";
import type { Document } from "yaml";
import { stackContext } from "../../components/kit";
import { keptBuckets, keptLogGroups, keptSecrets } from "../../config";
import { keyType } from "../security/kept";
import type { Thing } from "./stand-in/cloud";
import { succeeded } from "./support/expect";
import { LiveDeployment } from "./support/upgrade";

const departments = ["data-science", "research"] as const;
const stacks = ["platform", ...departments] as const;
type Stack = (typeof stacks)[number];

/** Types of data that no key but its own can read. */
const encrypted = /volume:Volume|final snapshot|secret:Secret$|logGroup:LogGroup|ServerSideEncryption/;
/** Load balancers log under no key of ours. */
const underNoKey = (thing: Thing): boolean => thing.id.includes("-access-logs-");
const nameOf = ({ urn }: { urn: string }): string => urn.split("::").at(-1) ?? "";

describe("a second life of a deployment", () => {
  let live: LiveDeployment;
  before(async () => {
    live = await LiveDeployment.planned(stacks);
    await upAll();
  });
  after(() => live.close());

  async function upAll(): Promise<void> {
    succeeded(await live.up("platform"));
    for (const result of await Promise.all(departments.map((stack) => live.up(stack)))) succeeded(result);
  }
  async function destroyAll(): Promise<void> {
    await Promise.all(departments.map((stack) => live.destroyed(stack, ["--skip-preview"])));
    await live.destroyed("platform", ["--skip-preview"]);
  }
  const things = (stack: Stack): Thing[] =>
    live
      .cloudOf(stack)
      .all()
      .filter(({ urn }) => urn.startsWith(`urn:pulumi:${stack}::`));
  const ofType = (stack: Stack, type: RegExp): Thing[] => things(stack).filter((thing) => type.test(thing.type));

  /** What is encrypted under no key, or under one that KMS deletes. */
  function orphans(stack: Stack): string[] {
    const keys = new Set(
      live
        .cloudOf(stack)
        .all()
        .flatMap(({ type, key }) => (type === keyType ? [key] : [])),
    );
    return things(stack)
      .filter((thing) => encrypted.test(thing.type) && !underNoKey(thing))
      .filter((thing) => thing.keys.length === 0 || thing.keys.some((key) => !keys.has(key)))
      .map(({ urn }) => urn);
  }

  let first: Readonly<Record<Stack, readonly string[]>>;

  it("finds what the first left: data under keys that stand, and no alias", async () => {
    await destroyAll();
    first = { platform: keysOf("platform"), "data-science": keysOf("data-science"), research: keysOf("research") };
    for (const stack of stacks) {
      assert.deepEqual(orphans(stack), []);
      assert.deepEqual(ofType(stack, /kms\/alias/), []);
      assert.ok(ofType(stack, /kms\/key/).length >= 3, stack);
    }
    const left = (stack: Stack) =>
      [/volume:Volume/, /final snapshot/, /secret:Secret$/, /logGroup:LogGroup/, /s3\/bucket:Bucket$/].map(
        (type) => ofType(stack, type).length,
      );
    const [buckets, groups] = [Object.keys(keptBuckets).length, keptLogGroups.length];
    assert.deepEqual(left("platform"), [1, 2, keptSecrets.length, groups, buckets]);
    // The account's trail is the platform's.
    assert.deepEqual(left("research"), [3, 2, keptSecrets.length, groups - 1, buckets - 1]);
    assert.deepEqual(left("data-science"), [3, 0, 0, 0, 0]);
  });

  it("is refused the names of the first, while its file does not take them over", async () => {
    const { code, stdout } = await live.up("platform");
    assert.notEqual(code, 0);
    assert.match(stdout, /already exists/);
  });

  it("names in its preview what it takes over, and takes it over under the keys of the first", async () => {
    const kept = takeOver("platform");
    live.edit("platform", (file) =>
      file.setIn(["config", "cline:platform", "adopt"], ["session-preferences", "trail"]),
    );
    const { stdout } = succeeded(await live.pulumi("platform", ["preview", "--json", "--stack", "platform"]));
    const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string; newState?: { inputs?: object } }[] };
    const imported = steps.filter(({ op }) => op === "import").map(nameOf);
    assert.equal(imported.length, Object.keys(keptBuckets).length + keptLogGroups.length + 2, imported.join("\n"));
    const text = JSON.stringify(steps.filter(({ urn }) => urn.includes("kms/alias")));
    for (const key of kept) assert.ok(text.includes(key), `the preview names ${key}`);

    succeeded(await live.up("platform"));
    await isAnother("platform");
  });

  it("changes nothing in an up with what it adopted, and settles when the entries go", async () => {
    succeeded(await live.pulumi("platform", ["preview", "--expect-no-changes", "--stack", "platform"]));
    live.edit("platform", (file) => file.deleteIn(["config", "cline:platform", "adopt"]));
    succeeded(await live.up("platform"));
    succeeded(await live.pulumi("platform", ["preview", "--expect-no-changes", "--stack", "platform"]));
  });

  it("brings departments back on their homes", async () => {
    takeOver("research");
    for (const stack of departments) for (const home of ofType(stack, /volume:Volume/)) returnHome(stack, home);
    for (const result of await Promise.all(departments.map((stack) => live.up(stack)))) succeeded(result);
    for (const stack of departments) await isAnother(stack);
  });

  it("ends as the first did: no name collides, and no data loses its key", async () => {
    await destroyAll();
    for (const stack of stacks) assert.deepEqual(orphans(stack), []);
    for (const stack of ["platform", "research"] as const)
      assert.equal(ofType(stack, /final snapshot/).length, 4, "a snapshot of each life of each cluster");
  });

  const keysOf = (stack: Stack): string[] => ofType(stack, /kms\/key/).map(({ key }) => key);

  /** The stack has keys of its own, other than the first life's, and nothing lost its key. */
  async function isAnother(stack: Stack): Promise<void> {
    const { resources = [] } = (await live.exported(stack)).deployment;
    const own = resources.filter(({ type }) => type === keyType).map(({ outputs }) => outputs?.["arn"] as string);
    assert.ok(own.length >= 3, stack);
    assert.deepEqual(
      own.filter((key) => first[stack].includes(key)),
      [],
    );
    assert.deepEqual(orphans(stack), []);
  }

  /** Writes `cline:kept` as the runbook says; the keys that it names. */
  function takeOver(stack: Stack): string[] {
    const account = { accountId: stack === "research" ? "444455556666" : "111122223333", region: "ap-northeast-1" };
    const { names } = stackContext({ organization: "example", stack, ...account });
    const left = (purposes: readonly string[], type: RegExp, is: (thing: Thing, purpose: string) => boolean) =>
      purposes.flatMap((purpose) =>
        ofType(stack, type).flatMap((thing) => (is(thing, purpose) ? [[purpose, thing] as const] : [])),
      );
    const buckets = left(Object.keys(keptBuckets), /ServerSideEncryption/, ({ id }, of) => id === names.bucket(of));
    const logGroups = left(keptLogGroups, /logGroup:LogGroup/, ({ id }, of) => id === names.logGroup(of));
    const secrets = left(keptSecrets, /secret:Secret$/, ({ key }, of) => key === names.secret(of));
    const kept = {
      buckets: Object.fromEntries(buckets.map(([purpose, { keys }]) => [purpose, keys[0] ?? "none"])),
      logGroups: Object.fromEntries(logGroups.map(([purpose, { keys }]) => [purpose, keys[0]])),
      secrets: Object.fromEntries(secrets.map(([purpose, { id, keys }]) => [purpose, { arn: id, key: keys[0] }])),
    };
    live.edit(stack, (file) => file.setIn(["config", "cline:kept"], kept));
    return [...new Set([...buckets, ...logGroups, ...secrets].flatMap(([, { keys }]) => keys))];
  }

  /** Gives a developer the home of the first life. */
  function returnHome(stack: Stack, { id, keys, ...home }: Thing): void {
    const developer = /^(.*)-home$/.exec(nameOf(home))?.[1];
    if (developer === undefined) return;
    const at = ["config", "cline:department", "developers", developer];
    live.edit(stack, (file: Document) => {
      for (const [name, value] of Object.entries({ homeVolume: id, homeKey: keys[0] }))
        file.setIn([...at, name], value);
    });
  }
});
