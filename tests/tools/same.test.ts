import assert from "node:assert/strict";
import path from "node:path";
import { commitOf, isWithin, type Lock } from "../../tools/revision";
import { changes, documentDifferences, reportDifferences } from "../../tools/same/differences";
import { normalDocument, normalFault, normalReport, type Json } from "../../tools/same/normal";
import { randomSets, shippedSets } from "../../tools/same/sets";
import { renderTable, rowsOf } from "../../tools/same/table";

const urn = (type: string, name: string) => `urn:pulumi:s::cline::cline:x:Y$${type}::${name}`;
const lambda = "aws:lambda/function:Function";
const bucket = "aws:s3/bucket:Bucket";

const resource = (type: string, name: string, inputs: Record<string, Json>) => ({
  urn: urn(type, name),
  type,
  name,
  parent: "",
  inputs,
});
const violation = (over: Record<string, Json> = {}) => ({
  policy: "s3-tls",
  urn: urn(bucket, "b"),
  level: "mandatory",
  message: "no TLS",
  source: "components/a.ts:12",
  ...over,
});
const document = (resources: Json[], violations: Json[] = [], rest: Record<string, Json> = {}): Json => ({
  stacks: [{ stack: "s", resources, outputs: {}, violations, passed: {}, ...rest }],
  policies: [{ name: "s3-tls", severity: "high" }],
});
const between = (a: Json, b: Json) => documentDifferences(normalDocument(a), normalDocument(b), (stack) => stack);

describe("equality of two previews", () => {
  it("leaves out a function's code, source positions and the finding block, and nothing else of them", () => {
    const hash = (digit: string) => `sha256:${digit.repeat(64)}`;
    const before = document([resource(lambda, "f", { code: hash("1"), memorySize: 128 })], [violation()]);
    const after = document(
      [resource(lambda, "f", { code: hash("2"), memorySize: 128 })],
      [violation({ source: "components/b.ts:7", message: 'no TLS\n{"finding":{"x":1}}', property: "policy" })],
    );
    assert.deepEqual(between(before, after), []);
    const sourceless = document(
      [resource(lambda, "f", { code: hash("1"), memorySize: 128 })],
      [violation({ message: "TLS" })],
    );
    assert.deepEqual(
      between(before, sourceless).map(({ type, property, before: was, after: is }) => [type, property, was, is]),
      [[bucket, "finding of s3-tls [].message", '"no TLS"', '"TLS"']],
    );
  });

  it("keeps code hashes of other resources and image digests", () => {
    const image = (digit: string) =>
      document([resource("aws:ecs/taskDefinition:TaskDefinition", "t", { code: digit.repeat(64) })]);
    assert.equal(between(image("1"), image("2")).length, 1);
  });

  it("names the property of a changed policy document, and the text where only its writing changed", () => {
    const policy = (sid: string, space = "") =>
      resource(bucket, "b", { policy: `{"Statement":[{${space}"Sid":"${sid}"}]}` });
    assert.deepEqual(
      between(document([policy("A")]), document([policy("B")])).map(({ property }) => property),
      ["inputs.policy{}.Statement[].Sid"],
    );
    assert.deepEqual(
      between(document([policy("A")]), document([policy("A", " ")])).map(({ property }) => property),
      ["inputs.policy"],
    );
  });

  it("tells of resources, findings, notes and policies that came or went", () => {
    const before = document([resource(bucket, "a", {})], [violation()], { notes: ["x"] });
    const after = { ...(document([resource(bucket, "b", {})]) as object), policies: [] };
    assert.deepEqual(
      between(before, after).map(({ type, property }) => `${type} ${property}`),
      [
        `${bucket} (resource)`,
        `${bucket} (resource)`,
        `${bucket} finding of s3-tls`,
        "(stack) notes",
        "policies s3-tls",
      ],
    );
    assert.equal(between(before, { stacks: [], policies: [{ name: "s3-tls", severity: "high" }] })[0]?.after, "absent");
  });

  it("tells null, absence and the length of lists apart", () => {
    assert.equal(changes({ a: null }, {}).length, 1);
    assert.equal(changes([1], [1, 2]).length, 1);
    assert.deepEqual(changes({ a: 1, b: 2 }, { b: 2, a: 1 }), []);
  });

  it("refuses what is no preview document", () => {
    assert.throws(() => normalDocument({}), /not a preview document/);
  });
});

describe("equality of two reports", () => {
  it("leaves out source positions", () => {
    const line = (place: string) => `aws.ec2.Instance a  ${place}\n`;
    for (const place of ["components/a.ts:1", "index.ts:21:5"])
      assert.equal(normalReport("text", line(place)), "aws.ec2.Instance a  [source]\n");
    const sarif = (startLine: number) =>
      JSON.stringify({ locations: [{ physicalLocation: { region: { startLine } }, name: "n" }] });
    assert.equal(normalReport("sarif", sarif(1)), normalReport("sarif", sarif(2)));
    assert.match(normalReport("sarif", sarif(1)), /"name": "n"/);
  });

  it("tells lines that came, went or moved", () => {
    assert.deepEqual(reportDifferences("csv", "a\nb", "a\nb", "s"), []);
    assert.deepEqual(
      reportDifferences("csv", "a\nb\nb", "a\nb\nc", "s").map(({ before, after }) => [before, after]),
      [
        ["b", "absent"],
        ["absent", "c"],
      ],
    );
    assert.match(reportDifferences("csv", "a\nb", "b\na", "s")[0]?.property ?? "", /order/);
  });

  it("compares what a failed command said, without its progress", () => {
    assert.equal(
      normalFault(
        "functions bundled\nplatform as deployed: 7 resources, 3.5 s\nfault at x.ts:3\n    at f (y.ts:1:2)\n",
      ),
      "fault at [source]",
    );
  });
});

describe("the table of differences", () => {
  const each = (before: string, after: string) => ({ stack: "s", type: "t", property: "p", before, after });
  it("counts equal differences and joins different values of one property", () => {
    const found = [each("1", "2"), each("1", "2"), each("3", "4")];
    assert.deepEqual(rowsOf(found, false), [{ ...each("1", "2 (and 1 other values)"), count: 3 }]);
    assert.deepEqual(rowsOf(found, true), [
      { ...each("1", "2"), count: 2 },
      { ...each("3", "4"), count: 1 },
    ]);
  });
  it("keeps a cell in its column", () => {
    assert.match(renderTable([{ ...each("a|b", "c\nd"), count: 1 }]), /\| a\\\|b \| c d \| 1 \|$/);
  });
});

describe("the stack files that are compared", () => {
  it("are the same for an equal seed, and each report format has its turn", () => {
    const [first, again, other] = [randomSets(7, 1), randomSets(7, 1), randomSets(7, 2)];
    assert.deepEqual(
      first.map(({ before }) => before),
      again.map(({ before }) => before),
    );
    assert.notDeepEqual(
      first.map(({ before }) => before),
      other.map(({ before }) => before),
    );
    assert.equal(new Set(first.flatMap(({ formats }) => formats)).size, 6);
    assert.ok(first.every(({ before }) => Object.keys(before).includes("Pulumi.platform.yaml")));
  });
  it("hold the earlier shipped files as well when those have changed", () => {
    assert.equal(shippedSets({ a: "1" }, { a: "1" }).length, 1);
    assert.deepEqual(
      shippedSets({ a: "1" }, { a: "2" }).map(({ before, after }) => [before, after]),
      [
        [{ a: "1" }, { a: "2" }],
        [{ a: "1" }, { a: "1" }],
      ],
    );
  });
});

describe("modules for a revision", () => {
  const lock = (...packages: [string, string][]): Lock => ({
    packages: Object.fromEntries(packages.map(([name, version]) => [`node_modules/${name}`, { version }])),
  });
  it("are the clone's where it holds every package in the same version", () => {
    assert.ok(isWithin(lock(["a", "1.0.0"]), lock(["a", "1.0.0"], ["b", "2.0.0"])));
    assert.ok(!isWithin(lock(["a", "1.0.0"], ["b", "2.0.0"]), lock(["a", "1.0.0"])));
    assert.ok(!isWithin(lock(["a", "1.0.0"]), lock(["a", "1.0.1"])));
  });
  it("are asked for of a revision that the clone holds", () => {
    const root = path.resolve(__dirname, "../..");
    assert.match(commitOf(root, "HEAD"), /^[0-9a-f]{40}$/);
    assert.throws(() => commitOf(root, "0".repeat(40)), /not in this clone.*--unshallow/);
  });
});
