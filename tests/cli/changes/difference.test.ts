import assert from "node:assert/strict";
import fc from "fast-check";
import { replaces } from "../../../cli/changes/replaces";
import {
  planPropertyChanges,
  planStackDifference,
  type ChangeOptions,
  type Finding,
  type PlannedStack,
  type PreviewDocument,
  type ResourceReport,
  type StackDifference,
} from "../../../reports";
import { renderComment } from "../../../reports/comment";
import { renderComparison } from "../../../reports/comment-text";
import { within } from "../../../reports/within";

const urnOf = (type: string, name: string): string => `urn:pulumi:engineering::cline::${type}::${name}`;
const resource = (type: string, name: string, inputs: ResourceReport["inputs"] = {}): ResourceReport => ({
  urn: urnOf(type, name),
  type,
  name,
  parent: "",
  inputs,
});

function planned(
  resources: readonly ResourceReport[],
  options: Readonly<Record<string, Partial<ChangeOptions>>> = {},
  violations: readonly Finding[] = [],
): PlannedStack {
  const given = resources.map(
    ({ urn, name }) => [urn, { ignoreChanges: [], replaceOnChanges: [], aliases: [], ...options[name] }] as const,
  );
  return { report: { stack: "engineering", resources, outputs: {}, violations, passed: {} }, options: new Map(given) };
}

const differenceOf = (base: PlannedStack | undefined, head: PlannedStack | undefined): StackDifference =>
  planStackDifference("engineering", base, head, replaces);

const documentOf = (difference: StackDifference): PreviewDocument => ({
  stacks: [],
  comparison: { base: "main", access: [], stacks: [difference], reason: "All.", leftOut: [] },
});

describe("reports: properties that differ", () => {
  it("names each leaf with both values, also inside JSON text and lists of mappings", () => {
    const before = {
      tags: { Owner: "a", Same: 1 },
      policy: '{"Statement":[{"Action":"s3:Get*"}]}',
      rules: [{ port: 1 }],
      ids: ["a"],
    };
    const after = {
      tags: { Owner: "b", Same: 1 },
      policy: '{"Statement":[{"Action":"s3:*"}]}',
      rules: [{ port: 2 }],
      ids: ["a", "b"],
    };
    assert.deepEqual(planPropertyChanges(before, after), [
      { path: "ids", from: '["a"]', to: '["a","b"]' },
      { path: "policy.Statement[0].Action", from: '"s3:Get*"', to: '"s3:*"' },
      { path: "rules[0].port", from: "1", to: "2" },
      { path: "tags.Owner", from: '"a"', to: '"b"' },
    ]);
  });

  it("takes secrets and unknowns on both sides for no difference, and never shows the marks as the program's text", () => {
    const [hidden, unknown] = ["[secret]", "[unknown]"];
    assert.deepEqual(planPropertyChanges({ a: hidden, b: unknown }, { a: hidden, b: unknown }), []);
    assert.deepEqual(planPropertyChanges({ a: hidden, b: "x" }, { b: unknown }), [
      { path: "a", from: "[secret]", to: undefined },
      { path: "b", from: '"x"', to: "known after deployment" },
    ]);
  });

  it("finds nothing in equal properties, and shortens every value", () => {
    const values = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,3}$/),
      fc.jsonValue({ maxDepth: 3 }).filter((value) => JSON.stringify(value) !== "[]"),
    );
    fc.assert(
      fc.property(values, values, (a, b) => {
        assert.deepEqual(planPropertyChanges(a, JSON.parse(JSON.stringify(a)) as typeof a), []);
        for (const { from, to } of planPropertyChanges(a, b))
          assert.ok((from ?? "").length < 120 && (to ?? "").length < 120);
      }),
      { numRuns: 300 },
    );
  });
});

describe("reports: the difference of a stack", () => {
  it("tells what is added, changed, replaced and removed", () => {
    const base = planned([
      resource("aws:ec2/subnet:Subnet", "gone"),
      resource("aws:ec2/instance:Instance", "machine", { instanceType: "t4g.small" }),
      resource("aws:ebs/volume:Volume", "tanaka-home", { size: 50, availabilityZone: "a" }),
      resource("aws:sqs/queue:Queue", "same", { name: "q" }),
    ]);
    const head = planned([
      resource("aws:ec2/subnet:Subnet", "new"),
      resource("aws:ec2/instance:Instance", "machine", { instanceType: "t4g.large" }),
      resource("aws:ebs/volume:Volume", "tanaka-home", { size: 80, availabilityZone: "b" }),
      resource("aws:sqs/queue:Queue", "same", { name: "q" }),
    ]);
    const { status, added, changed, replaced, removed } = differenceOf(base, head);
    assert.equal(status, "kept");
    assert.deepEqual(added, [urnOf("aws:ec2/subnet:Subnet", "new")]);
    assert.deepEqual(removed, [{ urn: urnOf("aws:ec2/subnet:Subnet", "gone"), retained: false }]);
    assert.deepEqual(
      changed.map(({ urn, forcedBy }) => [urn, forcedBy]),
      [[urnOf("aws:ec2/instance:Instance", "machine"), []]],
    );
    assert.deepEqual(
      replaced.map(({ urn, forcedBy, properties }) => [urn, forcedBy, properties.length]),
      [[urnOf("aws:ebs/volume:Volume", "tanaka-home"), ["availabilityZone"], 2]],
    );
  });

  it("follows the resource's own options: ignored changes, forced replacements, earlier names", () => {
    const type = "aws:ecs/service:Service";
    const base = planned([
      resource(type, "a", { desiredCount: 2 }),
      resource(type, "b", { desiredCount: 2 }),
      resource(type, "old", { x: 1 }),
    ]);
    const head = planned(
      [
        resource(type, "a", { desiredCount: 3 }),
        resource(type, "b", { desiredCount: 3 }),
        resource(type, "new", { x: 1 }),
      ],
      {
        a: { ignoreChanges: ["desiredCount"] },
        b: { replaceOnChanges: ["*"] },
        new: { aliases: [urnOf(type, "old")] },
      },
    );
    const { added, changed, replaced, removed } = differenceOf(base, head);
    assert.deepEqual([added, changed, removed], [[], [], []]);
    assert.deepEqual(
      replaced.map(({ urn }) => urn),
      [urnOf(type, "b")],
    );
  });

  it("tells new findings and gone ones; a finding with another text is the same, one with another outcome is not", () => {
    const finding = (more: Partial<Finding>): Finding => ({
      policy: "p",
      urn: "u",
      level: "advisory",
      severity: "low",
      message: "m",
      ...more,
    });
    const was = [finding({ urn: "same" }), finding({ urn: "gone" }), finding({ urn: "worse" })];
    const is = [
      finding({ urn: "same", message: "other words" }),
      finding({ urn: "worse", level: "mandatory" }),
      finding({ urn: "same" }),
    ];
    const { newFindings, goneFindings } = differenceOf(planned([], {}, was), planned([], {}, is));
    assert.deepEqual(
      newFindings.map(({ urn, level }) => [urn, level]),
      [
        ["same", "advisory"],
        ["worse", "mandatory"],
      ],
    );
    assert.deepEqual(
      goneFindings.map(({ urn, level }) => [urn, level]),
      [
        ["gone", "advisory"],
        ["worse", "advisory"],
      ],
    );
  });

  it("knows what the provider replaces, inside lists too, and takes what it does not know for a change", () => {
    assert.ok(replaces("aws:kms/key:Key", "multiRegion"));
    assert.ok(replaces("aws:s3/bucket:Bucket", "region"));
    assert.ok(replaces("aws:ec2/instance:Instance", "ebsBlockDevices[0].encrypted"));
    assert.ok(replaces("random:index/randomPassword:RandomPassword", "length"));
    assert.equal(replaces("aws:kms/key:Key", "description"), false);
    assert.equal(replaces("aws:kms/key:Key", "multiRegionish"), false);
    assert.equal(replaces("other:a/b:C", "name"), false);
  });

  it("shouts what takes homes, databases, secrets and keys away, before everything else", () => {
    const types = {
      home: "aws:ebs/volume:Volume",
      db: "aws:rds/cluster:Cluster",
      key: "aws:kms/key:Key",
      s: "aws:secretsmanager/secret:Secret",
    };
    const base = planned(
      [
        resource(types.home, "tanaka-home", { availabilityZone: "a" }),
        resource(types.db, "gateway-db", { engine: "aurora" }),
        resource(types.key, "keys-data"),
        resource("aws:kms/alias:Alias", "keys-data-alias", { name: "alias/cline/example/engineering/data" }),
        resource(types.s, "master"),
        resource("aws:sqs/queue:Queue", "queue"),
        // A person's password at Langfuse goes with the person.
        {
          ...resource(types.s, "sato-account"),
          urn: urnOf(`cline:gateway:LangfuseAccount$${types.s}`, "sato-account"),
        },
      ],
      { "tanaka-home": { retainOnDelete: true }, "keys-data": { retainOnDelete: true } },
    );
    const head = planned([
      resource(types.home, "tanaka-home", { availabilityZone: "b" }),
      resource(types.db, "gateway-db", { engine: "postgres" }),
    ]);
    const document = documentOf(differenceOf(base, head));
    const alarms = [
      'database gateway-db of engineering is REPLACED by a new one: engine changes from "aurora" to "postgres"; the old one is deleted',
      "secret master of engineering is DELETED",
      'home volume tanaka-home of engineering is REPLACED by a new one: availabilityZone changes from "a" to "b"; the old one stays in the account',
      "KMS key keys-data of engineering leaves the stack and stays in the account without alias/cline/example/engineering/data: what it encrypts needs it",
    ];
    const markdown = renderComment(document);
    assert.deepEqual(
      markdown.split("\n").filter((line) => line.startsWith("> - ")),
      alarms.map((text) => `> - ${text}`),
    );
    assert.ok(markdown.indexOf("CAUTION") < markdown.indexOf("### Resources"));
    const text = renderComparison(document, document.comparison!, { width: 200 });
    assert.deepEqual(
      text.split("\n").filter((line) => line.startsWith("!! ")),
      alarms.map((alarm) => `!! ${alarm}`),
    );
  });
});

describe("reports: the comment's length", () => {
  const many = (n: number, length: number): PreviewDocument => {
    const make = (to: string) =>
      Array.from({ length: n }, (_, i) =>
        resource("aws:ec2/instance:Instance", `i${i}`, { userData: to, tags: { i } }),
      );
    return documentOf(differenceOf(planned(make("a".repeat(length))), planned(make("b".repeat(length)))));
  };

  it("fits 200 changes whole", () => {
    const text = renderComment(many(200, 40));
    assert.ok(text.length <= 65_536);
    assert.equal(text.match(/^- aws\.ec2\.Instance i\d+$/gm)?.length, 200);
    assert.doesNotMatch(text, /… and/);
  });

  it("never exceeds what GitHub takes, counts every line that it leaves out, and says where to see them", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 900 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1500, max: 65_536 }),
        (n, length, maxLength) => {
          const text = renderComment(many(n, length), { maxLength });
          assert.ok(text.length <= maxLength, `${text.length} > ${maxLength}`);
          const shown = text.match(/^- aws\.ec2\.Instance i\d+$/gm)?.length ?? 0;
          const left = Number(
            /… and (\d+) more lines?: `npm run preview -- --base main` shows them\.\n$/.exec(text)?.[1] ?? 0,
          );
          assert.equal(shown + left, n);
          assert.equal((text.match(/<details/g) ?? []).length, (text.match(/<\/details>/g) ?? []).length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("leaves out everything after the first item that does not fit, so that nothing small hides a gap", () => {
    const items = ["first\n", "x".repeat(500), "small\n"];
    const text = within(600, "head\n", [{ open: "", items, close: "" }], "item", "elsewhere");
    assert.equal(text, "head\nfirst\n\n… and 2 more items: elsewhere.\n");
  });

  it("keeps names of people, files and values from becoming markup or calling anybody", () => {
    const head = planned([resource("aws:sqs/queue:Queue", "@team<img>", { name: "</details>|`x`" })]);
    const base = planned([resource("aws:sqs/queue:Queue", "@team<img>", { name: "@team" })]);
    const text = renderComment(documentOf(differenceOf(base, head)));
    assert.doesNotMatch(text, /@team|<img/);
    assert.equal((text.match(/<\/details>/g) ?? []).length, 1);
  });
});
