import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { diagnosticOf } from "../../src/frame/diagnostic";
import { ResourceView } from "../../src/frame/view";
import { exemptionsPolicy } from "../../src/exemptions-policy";
import type { Finding } from "../../src/frame/finding";
import { ExemptionBook } from "../../src/frame/exemption-book";
import { readExemptions } from "../../src/frame/exemptions";
import { UNKNOWN } from "../../src/frame/wire";
import { policies } from "../../src/policies";
import { judge, resource, violations } from "../support";

const TODAY = "2026-11-22";
const URN = "urn:pulumi:platform::cline::aws:ec2/instance:Instance::host";
const NAMES = new Set(["ec2-no-public-ip", "lambda-in-vpc"]);
const entry = (changes: Record<string, unknown> = {}) => ({
  policy: "ec2-no-public-ip",
  urn: URN,
  reason: "moves next quarter",
  ticket: "SEC-7",
  approvedBy: "abe",
  expires: "2027-06-30",
  ...changes,
});
const read = (...entries: unknown[]) => readExemptions(JSON.stringify(entries), TODAY, NAMES);
const messages = (...entries: unknown[]) => read(...entries).remarks.map((remark) => remark.message);

const finding = (urn: string, property?: string): Finding => ({
  policy: "ec2-no-public-ip",
  urn,
  kind: "violation",
  severity: "high",
  found: "it is public",
  remedy: "Make it private.",
  ...(property !== undefined && { property }),
});

describe("exemptions", () => {
  it("applies an entry in order", () => {
    assert.deepEqual(read(entry()), { active: [entry()], remarks: [] });
  });
  for (const [name, changes, expected] of [
    ["a policy that is not there", { policy: "no-such" }, /no policy is called "no-such"/],
    ["a URN that is none", { urn: "host" }, /one exact URN/],
    ["a URN with a wildcard", { urn: `${URN}*` }, /one exact URN/],
    ["no reason", { reason: " " }, /reason must be a text/],
    ["no approver", { approvedBy: undefined }, /approvedBy must be a text/],
    ["a ticket of two words", { ticket: "SEC 7" }, /one word/],
    ["a component beside a URN", { chain: "a:b:C$d:e:F", name: "host" }, /urn stands alone/],
    ["values that are no object", { values: [] }, /values must be an object/],
    ["no value at all", { values: {} }, /at least one path/],
    ["an empty property", { property: "" }, /property must be a text/],
    ["a day that is none", { expires: "2027-02-30" }, /YYYY-MM-DD/],
    ["a day in another form", { expires: "30.06.2027" }, /YYYY-MM-DD/],
    ["a key that is not known", { until: "2027-06-30" }, /unknown key "until"/],
    ["an end more than 400 days away", { expires: "2027-12-28" }, /more than 400 days/],
    ["an end in the past", { expires: "2026-11-21" }, /expired on 2026-11-21/],
  ] as const) {
    it(`does not apply with ${name}`, () => {
      const result = read(entry(changes));
      assert.deepEqual(result.active, []);
      assert.match(result.remarks[0]?.message ?? "", expected);
    });
  }
  it("names every fault of an entry, and applies the others", () => {
    const result = read({ policy: "x" }, entry());
    assert.equal(result.active.length, 1);
    const message = result.remarks[0]?.message ?? "";
    assert.match(message, /reason.*ticket.*approvedBy.*expires.*no policy is called "x".*or give urn.*name.*values/);
  });
  it("applies on its last day and for 400 days", () => {
    assert.equal(read(entry({ expires: TODAY })).active.length, 1);
    assert.equal(read(entry({ expires: "2027-12-27" })).active.length, 1);
  });
  it("warns 60 days before the end", () => {
    assert.deepEqual(messages(entry({ expires: "2027-01-22" })), []);
    assert.match(messages(entry({ expires: "2027-01-21" }))[0] ?? "", /in 60 days/);
  });
  it("takes the first of two for the same policy and resource", () => {
    const result = read(entry(), entry({ ticket: "SEC-8" }));
    assert.deepEqual(
      result.active.map(({ ticket }) => ticket),
      ["SEC-7"],
    );
    assert.match(result.remarks[0]?.message ?? "", /stand in the file before/);
  });
  for (const text of ["{", "{}", "null"]) {
    it(`applies nothing of a file that reads ${text}`, () => {
      const result = readExemptions(text, TODAY, NAMES);
      assert.deepEqual(result.active, []);
      assert.equal(result.remarks.length, 1);
    });
  }
  it("reports an exemption that nothing needed, in its own stack only", () => {
    const book = new ExemptionBook(read(entry()));
    const stack = (name: string) => [`urn:pulumi:${name}::cline::pulumi:pulumi:Stack::cline-${name}`];
    assert.match(book.remarks(stack("platform"))[0]?.message ?? "", /not used/);
    assert.deepEqual(book.remarks(stack("engineering")), []);
    assert.ok(book.covering(finding(URN)));
    assert.deepEqual(book.remarks(stack("platform")), []);
  });
  it("are reported on by a policy of their own", () => {
    const book = new ExemptionBook(read(entry({ expires: "2026-01-01" })));
    const stack = [resource("aws:s3/bucket:Bucket", {})].map((one) =>
      Object.assign(one, { facts: { ...one.facts, urn: URN } }),
    );
    assert.match(violations(judge(exemptionsPolicy(book), stack))[0] ?? "", /expired on 2026-01-01/);
  });
  it("of this repository are all in order today", () => {
    const text = readFileSync(path.join(__dirname, "../../exemptions.json"), "utf8");
    const names = new Set(policies.map((policy) => policy.name));
    const faults = readExemptions(text, new Date().toISOString().slice(0, 10), names).remarks.filter(({ message }) =>
      message.includes("does not apply"),
    );
    assert.deepEqual(faults, []);
  });
});

describe("a component's exemption", () => {
  const CHAIN = "cline:a:Outer$cline:a:Inner$aws:ecs/taskDefinition:TaskDefinition";
  const urnIn = (stack: string, chain = CHAIN, name = "gateway-task", project = "cline") =>
    `urn:pulumi:${stack}::${project}::${chain}::${name}`;
  const VALUES = {
    "containerDefinitions[0].user": "0:0",
    "containerDefinitions[0].drop": ["ALL"],
    "containerDefinitions[1]": null,
    role: "arn:aws:iam::*:role/cline/*-task",
    essential: false,
    options: { size: 64 },
  };
  const component = (changes: Record<string, unknown> = {}) =>
    entry({ urn: undefined, chain: CHAIN, name: "gateway-task", values: VALUES, ...changes });
  const inputs = (changes: Record<string, unknown> = {}) => ({
    containerDefinitions: JSON.stringify([{ user: "0:0", drop: ["ALL"], name: "bootstrap" }]),
    role: "arn:aws:iam::111122223333:role/cline/example-hub-task",
    essential: false,
    options: { size: 64 },
    ...changes,
  });
  const cover = (urn: string, changes: Record<string, unknown> = {}, exemption = component(), property?: string) => {
    const view = new ResourceView({ type: "t", name: "n", urn, inputs: inputs(changes) });
    return new ExemptionBook(read(exemption)).covering(finding(urn, property), view);
  };

  it("covers the resource in a stack of any name, in any project", () => {
    assert.deepEqual(read(component()).remarks, []);
    for (const urn of [urnIn("platform"), urnIn("hub"), urnIn("hub", CHAIN, "gateway-task", "other")])
      assert.deepEqual([cover(urn)?.exemption.ticket, cover(urn)?.open], ["SEC-7", undefined]);
  });
  it("covers no resource of another chain or name", () => {
    for (const urn of [
      urnIn("platform", "cline:a:Inner$aws:ecs/taskDefinition:TaskDefinition"),
      urnIn("platform", `cline:b:More$${CHAIN}`),
      urnIn("platform", "cline:a:Outer$aws:ecs/taskDefinition:TaskDefinition"),
      urnIn("platform", `${CHAIN}$cline:b:More`),
      urnIn("platform", CHAIN.split("$").at(-1)),
      urnIn("platform", CHAIN, "gateway-task-2"),
      urnIn("platform", CHAIN, "x::gateway-task"),
    ])
      assert.equal(cover(urn), undefined, urn);
  });
  const definitions = (...containers: unknown[]) => ({ containerDefinitions: JSON.stringify(containers) });
  const first = { user: "0:0", drop: ["ALL"] };
  for (const [what, changes] of [
    ["another user", definitions({ ...first, user: "0:1" })],
    ["a capability kept", definitions({ ...first, drop: [] })],
    ["one capability dropped by name", definitions({ ...first, drop: ["ALL", "CHOWN"] })],
    ["capabilities as one text", definitions({ ...first, drop: "ALL" })],
    ["a container more", definitions(first, { user: "65534" })],
    ["definitions that are no JSON", { containerDefinitions: "[{" }],
    ["no definitions", { containerDefinitions: undefined }],
    ["a role of another name", { role: "arn:aws:iam::111122223333:role/cline/example-hub-task-2" }],
    ["a role of another path", { role: "arn:aws:iam::111122223333:role/cline/other/example-task" }],
    ["a role in which the pattern's letters are regular expressions", { role: "arn:aws:iam::1:role/clineX-task" }],
    ["the opposite flag", { essential: true }],
    ["an option more", { options: { size: 64, mode: "1777" } }],
    ["no options", { options: {} }],
  ] as const) {
    it(`does not cover ${what}`, () => {
      assert.equal(cover(urnIn("platform"), changes), undefined);
    });
  }
  for (const [what, changes, path] of [
    ["a role", { role: UNKNOWN }, "role"],
    ["a text with an unknown part", definitions({ ...first, user: `0:${UNKNOWN}` }), "containerDefinitions[0].user"],
    ["every container", { containerDefinitions: UNKNOWN }, "containerDefinitions[0].user"],
  ] as const) {
    it(`stays open where preview does not know ${what}`, () => {
      const found = cover(urnIn("platform"), changes);
      assert.equal(found?.open?.path, path);
      const view = new ResourceView({ type: "t", name: "n", urn: urnIn("platform"), inputs: inputs(changes) });
      const book = new ExemptionBook(read(component()));
      const told = diagnosticOf({ description: "d" }, finding(urnIn("platform")), "mandatory", book, view);
      assert.deepEqual([told.finding.kind, told.level], ["undeterminable", "advisory"]);
      assert.match(told.finding.found, /exemption SEC-7 is for .* not known yet/);
    });
  }
  it("that is unknown in one value and wrong in another does not cover", () => {
    assert.equal(cover(urnIn("platform"), { role: UNKNOWN, essential: true }), undefined);
  });
  it("covers the findings on its property only, where it names one", () => {
    const one = component({ property: "containerDefinitions[0].user" });
    assert.ok(cover(urnIn("platform"), {}, one, "containerDefinitions[0].user"));
    assert.equal(cover(urnIn("platform"), {}, one, "containerDefinitions[1].user"), undefined);
    assert.equal(cover(urnIn("platform"), {}, one), undefined);
  });
  it("from a part of a property that is not known yet may be needed: nothing says that it is not", () => {
    const book = new ExemptionBook(read(component({ property: "containerDefinitions[0].user" })));
    const urn = urnIn("platform");
    const told = () => book.remarks([urn]).filter(({ message }) => message.includes("not needed here"));
    book.covering({ ...finding(urn, "containerDefinitions"), kind: "violation" });
    assert.equal(told().length, 1);
    assert.equal(book.covering({ ...finding(urn, "containerDefinitions"), kind: "undeterminable" }), undefined);
    assert.equal(told().length, 0);
  });
  it("without a resource to read covers nothing", () => {
    assert.equal(new ExemptionBook(read(component())).covering(finding(urnIn("platform"))), undefined);
  });
  for (const [name, changes, expected] of [
    ["one type alone", { chain: "aws:s3/bucket:Bucket" }, /chain must be the types/],
    ["a wildcard in its chain", { chain: "cline:*$aws:s3/bucket:Bucket" }, /chain must be the types/],
    ["a wildcard in its name", { name: "*" }, /name must be the resource's logical name/],
    ["no name", { name: undefined }, /name must be/],
    ["no values", { values: undefined }, /values must name the inputs/],
  ] as const) {
    it(`does not apply with ${name}`, () => {
      const result = read(component(changes));
      assert.deepEqual(result.active, []);
      assert.match(result.remarks[0]?.message ?? "", expected);
    });
  }
  it("is remarked on in the stacks that have its resource, with what differs", () => {
    const book = new ExemptionBook(read(component({ expires: "2026-11-30" })));
    const urn = urnIn("hub");
    const told = (urns: string[]) => book.remarks(urns).map(({ message }) => message);
    assert.deepEqual(told([urnIn("hub", CHAIN, "other")]), []);
    assert.match(told([urn]).join("\n"), /ends on 2026-11-30, in 8 days.*\n.*not needed here: the resource complies/);
    const view = new ResourceView({ type: "t", name: "n", urn, inputs: inputs({ essential: true }) });
    book.covering(finding(urn), view);
    assert.match(told([urn])[1] ?? "", /does not apply here: essential is true, and the exemption is for false/);
    book.covering(finding(urn), new ResourceView({ type: "t", name: "n", urn, inputs: inputs() }));
    assert.equal(told([urn]).length, 1);
    assert.match(told([urnIn("other")])[1] ?? "", /not needed here/);
  });
});
