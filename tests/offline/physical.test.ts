import assert from "node:assert/strict";
import fc from "fast-check";
import { arnFormats } from "../../offline/arns";
import { autonames, checked } from "../../offline/checked";
import { arnIds, idFormats, idPrefixes, specialOutputs } from "../../offline/ids";
import { physical, planned } from "../../offline/physical";
import { schemaOf } from "../../offline/provider-schema";
import { urnOf } from "../../offline/urn";
import { reveal, secret, UNKNOWN, type RawProps } from "../../offline/values";

const scope = { region: "ap-northeast-1", accountId: "111122223333" };
const urn = (type: string, name = "name") => urnOf("stack", "cline", "", type, name);
const made = (type: string, inputs: RawProps = {}, name = "name") =>
  physical(urn(type, name), checked(urn(type, name), inputs, scope), scope);
const arn = (type: string, inputs: RawProps) => reveal(made(type, inputs).outputs["arn"]);

const text = (value: unknown): string =>
  typeof value === "string" ? value : assert.fail(`no text: ${JSON.stringify(value)}`);

const tables = { arnFormats, autonames, idFormats, idPrefixes, specialOutputs };
const known = [...new Set([...Object.values(tables).flatMap((table) => Object.keys(table)), ...arnIds])].filter(
  (type) => !type.startsWith("pulumi:"),
);

describe("what a deployment would give", () => {
  it("has tables of types that the installed SDKs know", () => {
    assert.ok(known.length > 80);
    assert.deepEqual(
      known.filter((type) => schemaOf(type) === undefined),
      [],
    );
  });

  it("fills in every output that AWS always has, with its kind", () => {
    for (const type of known) {
      const { id, outputs } = made(type);
      assert.notEqual(id, "", type);
      for (const [name, kind] of schemaOf(type)?.certain ?? []) {
        const value = reveal(outputs[name]);
        const found = Array.isArray(value) ? "list" : typeof value;
        assert.equal(found, kind === "map" ? "object" : kind, `${type} ${name}`);
      }
    }
  });

  it("refuses an autoname over the type's limit, as the provider does, and never trims it", () => {
    const named = (type: string, length: number) => checked(urn(type, "n".repeat(length)), {}, scope);
    let limits = 0;
    for (const [type, { property, max }] of Object.entries(autonames)) {
      const added = text(named(type, 8)[property]).length - 8;
      assert.equal(text(named(type, max - added)[property]).length, max, type);
      assert.throws(
        () => named(type, max - added + 1),
        new RegExp(`'${type}'.*its maximum of ${max}; give urn:.* a ${property}`),
      );
      limits++;
    }
    assert.ok(limits > 20);
    assert.throws(() => named("aws:sqs/queue:Queue", 73), /maximum of 80/);
  });

  it("writes ARNs and ids as AWS does", () => {
    assert.equal(arn("aws:iam/role:Role", { name: "r", path: "/cline/" }), "arn:aws:iam::111122223333:role/cline/r");
    assert.equal(arn("aws:s3/bucket:Bucket", { bucket: "b" }), "arn:aws:s3:::b");
    assert.equal(
      arn("aws:cloudwatch/logGroup:LogGroup", { name: "/a/b" }),
      "arn:aws:logs:ap-northeast-1:111122223333:log-group:/a/b",
    );
    assert.equal(
      arn("aws:lambda/function:Function", { name: "f", region: "us-east-1" }),
      "arn:aws:lambda:us-east-1:111122223333:function:f",
    );
    assert.match(text(arn("aws:secretsmanager/secret:Secret", { name: "s" })), /:secret:s-[0-9a-f]{6}$/);
    assert.match(
      text(arn("aws:lb/loadBalancer:LoadBalancer", { name: "l", loadBalancerType: "network" })),
      /:loadbalancer\/net\/l\/[0-9a-f]{16}$/,
    );
    assert.match(made("aws:ec2/vpc:Vpc").id, /^vpc-[0-9a-f]{17}$/);
    assert.match(made("aws:kms/key:Key").id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(
      made("aws:sqs/queue:Queue", { name: "q" }).id,
      "https://sqs.ap-northeast-1.amazonaws.com/111122223333/q",
    );
    assert.equal(made("aws:sns/topicPolicy:TopicPolicy", { arn: "arn:aws:sns:x" }).id, "arn:aws:sns:x");
    assert.match(
      text(arn("aws:glue/catalogDatabase:CatalogDatabase", { name: "d" })),
      /^arn:aws:glue:ap-northeast-1:111122223333:catalog-database\/d$/,
    );
  });

  it("depends on the URN alone where AWS draws at random, and gives different URNs different ids", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);
    fc.assert(
      fc.property(fc.constantFrom(...known), name, name, (type, a, b) => {
        assert.deepEqual(made(type, {}, a), made(type, {}, a));
        if (a !== b && type in idPrefixes) assert.notEqual(made(type, {}, a).id, made(type, {}, b).id);
      }),
    );
  });

  it("marks what the provider's SDK calls secret, and reads secret inputs", () => {
    const { outputs } = made("random:index/randomPassword:RandomPassword", { length: 40 });
    const password = outputs["result"];
    assert.notEqual(typeof password, "string");
    assert.equal(text(reveal(password)).length, 40);
    assert.equal(arn("aws:sns/topic:Topic", { name: secret("t") }), "arn:aws:sns:ap-northeast-1:111122223333:t");
  });

  it("knows in a preview the inputs and the tags, and nothing that AWS decides", () => {
    const type = "aws:sqs/queue:Queue";
    const outputs = planned(urn(type), { name: "q", tags: { a: "b" } });
    assert.deepEqual(
      {
        name: outputs["name"],
        tagsAll: outputs["tagsAll"],
        arn: outputs["arn"],
        url: outputs["url"],
        policy: outputs["policy"],
      },
      { name: "q", tagsAll: { a: "b" }, arn: UNKNOWN, url: UNKNOWN, policy: UNKNOWN },
    );
  });
});

describe("what the provider's Check adds", () => {
  const inputs = (type: string, given: RawProps = {}, name = "name", old?: RawProps) =>
    checked(urn(type, name), given, scope, old);

  it("names what has neither name nor prefix, within the length and letters of the type", () => {
    assert.match(text(inputs("aws:sns/topic:Topic")["name"]), /^name-[0-9a-f]{7}$/);
    assert.match(text(inputs("aws:sqs/queue:Queue", { fifoQueue: true })["name"]), /^name-[0-9a-f]{7}\.fifo$/);
    assert.match(text(inputs("aws:kms/alias:Alias")["name"]), /^alias\/name-[0-9a-f]{7}$/);
    assert.match(text(inputs("aws:lb/targetGroup:TargetGroup", {}, "x".repeat(24))["name"]), /^x{24}-[0-9a-f]{7}$/);
    assert.match(text(inputs("aws:s3/bucket:Bucket", {}, "My_Bucket")["bucket"]), /^my-bucket-[0-9a-f]{7}$/);
    assert.equal(inputs("aws:iam/role:Role", { namePrefix: "p" })["name"], undefined);
    assert.equal(inputs("aws:ec2/vpc:Vpc")["name"], undefined);
  });

  it("keeps a name it has, and the one a resource was made with", () => {
    assert.equal(inputs("aws:sns/topic:Topic", { name: "mine" })["name"], "mine");
    assert.equal(inputs("aws:sns/topic:Topic", { name: UNKNOWN })["name"], UNKNOWN);
    assert.equal(inputs("aws:sns/topic:Topic", {}, "name", { name: "name-1234567" })["name"], "name-1234567");
  });

  it("adds the region to what has one, and leaves other providers alone", () => {
    assert.equal(inputs("aws:ec2/vpc:Vpc")["region"], "ap-northeast-1");
    assert.equal(inputs("aws:ec2/vpc:Vpc", { region: "us-east-1" })["region"], "us-east-1");
    assert.equal("region" in inputs("aws:iam/role:Role"), false);
    assert.deepEqual(inputs("random:index/randomId:RandomId", { byteLength: 4 }), { byteLength: 4 });
  });
});
