import assert from "node:assert/strict";
import { stackContext } from "../../components/kit";
import { keptBuckets, keptKeys, keptLogGroups, keptSecrets, loadStackFile, noneKept } from "../../config";
import { deployFiles, fixturesDeployed, type DeployedStack } from "../support/deployed";
import { listed, statementsOf } from "../support/resources";
import { departmentConfig, fileText, merged, platformConfig, type Config } from "../support/specs";
import { isRetained } from "./kept";

const key = (n: number): string =>
  `arn:aws:kms:ap-northeast-1:111122223333:key/0f1e2d3c-1111-4222-8333-44445555666${n}`;
const salt = "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:cline/example/platform/gateway-salt-AbCdEf";
const home = { homeVolume: "vol-0123456789abcdef0", homeKey: key(5) };

/** Everything that a platform can take over, and a department's home. */
const files = {
  "Pulumi.platform.yaml": fileText(
    merged(platformConfig, {
      "cline:kept": {
        buckets: Object.fromEntries(
          Object.entries(keptBuckets).map(([name, purpose]) => [
            name,
            purpose === "none" ? "none" : key(purpose === "data" ? 1 : 2),
          ]),
        ),
        logGroups: Object.fromEntries(keptLogGroups.map((name) => [name, key(2)])),
        secrets: { "gateway-salt": { arn: salt, key: key(3) } },
      },
    }),
  ),
  "Pulumi.engineering.yaml": fileText(
    merged(departmentConfig, { "cline:department": { developers: { tanaka: home } } }),
  ),
};
let taken: Promise<readonly DeployedStack[]> | undefined;
const takenOver = () => (taken ??= deployFiles(files));
const ofType = async (stack: string, type: string) =>
  ((await takenOver()).find(({ spec }) => spec.stack === stack)?.resources ?? []).filter((each) => each.type === type);

const { names } = stackContext({
  organization: "example",
  stack: "platform",
  accountId: "111122223333",
  region: "ap-northeast-1",
});

describe("names that outlive their stack", () => {
  it("can each be taken over: what the plan keeps is what a stack file may name, under a key of that purpose", async () => {
    const all = (await fixturesDeployed()).flatMap(({ resources }) => resources).filter(isRetained);
    const named = (type: string, property: string) =>
      all.flatMap((each) => (each.type === type ? [String(each.inputs[property])] : [])).sort();
    assert.deepEqual(named("aws:s3/bucket:Bucket", "bucket"), Object.keys(keptBuckets).map(names.bucket).sort());
    assert.deepEqual(named("aws:cloudwatch/logGroup:LogGroup", "name"), keptLogGroups.map(names.logGroup).sort());
    assert.deepEqual(named("aws:secretsmanager/secret:Secret", "name"), keptSecrets.map(names.secret).sort());
    for (const { inputs } of all.filter(({ type }) => type.includes("ServerSideEncryption"))) {
      const purpose = Object.keys(keptBuckets).find((each) => names.bucket(each) === inputs["bucket"]) ?? "";
      const text = JSON.stringify(inputs["rules"]);
      assert.equal(text.includes("AES256"), keptBuckets[purpose] === "none", purpose);
    }
  });

  it("are taken over under their own keys: imported buckets and log groups, a salt that nothing writes", async () => {
    for (const { inputs, options } of await ofType("platform", "aws:s3/bucket:Bucket"))
      assert.equal(options.import, inputs["bucket"]);
    const encryption = JSON.stringify(
      (
        await ofType(
          "platform",
          "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        )
      ).map(({ inputs }) => inputs),
    );
    assert.equal(encryption.split(key(1)).length - 1, 5);
    assert.equal(encryption.split(key(2)).length - 1, 2);
    const groups = (await ofType("platform", "aws:cloudwatch/logGroup:LogGroup")).filter(
      ({ options }) => options.import,
    );
    assert.deepEqual(
      groups.map(({ inputs }) => inputs["kmsKeyId"]),
      [key(2), key(2)],
    );
    const secrets = (await ofType("platform", "aws:secretsmanager/secret:Secret")).map(({ inputs }) => inputs["name"]);
    assert.ok(!secrets.includes(names.secret("gateway-salt")));
    const tasks = JSON.stringify(
      (await ofType("platform", "aws:ecs/taskDefinition:TaskDefinition")).map(({ inputs }) => inputs),
    );
    assert.ok(tasks.includes(salt));
  });

  it("get an alias for each key, which the policies of that stack, of others and over every stack name", async () => {
    const made = (await takenOver()).flatMap(({ resources }) => resources);
    const aliases = new Map(
      made.flatMap(({ type, inputs }) =>
        type === "aws:kms/alias:Alias" ? [[String(inputs["name"]), String(inputs["targetKeyId"])] as const] : [],
      ),
    );
    const data = names.keptKeyAlias(key(1), "data");
    assert.equal(aliases.get(data), key(1));
    assert.equal(aliases.get(names.keptKeyAlias(key(2), "logs")), key(2));
    assert.equal(aliases.get(names.keptKeyAlias(key(3), "secrets")), key(3));
    const departments = stackContext({
      organization: "example",
      stack: "engineering",
      accountId: "1",
      region: "r",
    }).names;
    assert.equal(aliases.get(departments.keptKeyAlias(key(5), "data")), key(5));

    const conditions = made
      .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy" || type === "aws:iam/policy:Policy")
      .flatMap(({ inputs }) => statementsOf(inputs["policy"]))
      .flatMap(({ Condition }) =>
        Object.values(Condition ?? {}).map((each) => listed(each["kms:ResourceAliases"] ?? [])),
      )
      .filter((each) => each.length > 0);
    const own = conditions.filter((each) => each.includes(names.keyAlias("data")));
    assert.ok(own.length > 3, "policies on the platform's own data key, a department's among them");
    for (const each of own) assert.ok(each.includes(data), each.join());
    assert.ok(conditions.some((each) => each.includes("alias/cline/example/*/data")));
    assert.match(data, /^alias\/cline\/example\/.*\/data$/);
  });

  it("are refused where they cannot be: an unknown purpose, an alias, a home's key without its home", () => {
    const load =
      (platform: Config, department: Config = {}) =>
      () =>
        loadStackFile(
          {
            "Pulumi.platform.yaml": fileText(merged(platformConfig, platform)),
            "Pulumi.engineering.yaml": fileText(merged(departmentConfig, department)),
          },
          "engineering",
        );
    assert.throws(
      load({ "cline:kept": { buckets: { photos: key(1) } } }),
      /cline:kept\.buckets.*photos[^]*audit-trail/,
    );
    assert.throws(
      load({ "cline:kept": { buckets: { gateway: "alias/cline/example/platform/data" } } }),
      /buckets\.gateway: found .*; allowed the ARN of a KMS key/,
    );
    assert.throws(
      load({}, { "cline:department": { developers: { tanaka: { homeKey: key(5) } } } }),
      /tanaka\.homeKey: .*allowed with homeVolume only/,
    );
    assert.deepEqual(keptKeys(noneKept), []);
  });
});
