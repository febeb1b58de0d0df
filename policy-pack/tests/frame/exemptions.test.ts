import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { exemptionsPolicy } from "../../src/exemptions-policy";
import { ExemptionBook, readExemptions } from "../../src/frame/exemptions";
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
    assert.match(result.remarks[0]?.message ?? "", /urn.*reason.*ticket.*approvedBy.*expires.*no policy is called "x"/);
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
    assert.match(book.remarks("platform", "cline")[0]?.message ?? "", /not used/);
    assert.deepEqual(book.remarks("engineering", "cline"), []);
    assert.ok(book.covering("ec2-no-public-ip", URN));
    assert.deepEqual(book.remarks("platform", "cline"), []);
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
