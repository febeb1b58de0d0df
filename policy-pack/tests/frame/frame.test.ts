import assert from "node:assert/strict";
import { frameworkOf, tagsOf } from "../../src/frame/controls";
import { diagnosticOf } from "../../src/frame/diagnostic";
import { ExemptionBook } from "../../src/frame/exemption-book";
import type { Finding } from "../../src/frame/finding";
import { judgeResource, judgeStack, settings } from "../../src/frame/judge";
import { resourcePolicy, stackPolicy, type ResourcePolicy } from "../../src/frame/policy";
import { StackView } from "../../src/frame/view";
import { Undeterminable, Value } from "../../src/frame/value";
import { decode, Secret, UNKNOWN } from "../../src/frame/wire";
import { resource, urnOf, violations, undeterminable } from "../support";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const OUTPUT = { "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4" };

function policyThat(check: ResourcePolicy["check"], more: Partial<ResourcePolicy> = {}): ResourcePolicy {
  return resourcePolicy({
    name: "test-does-something",
    description: "Things are as they should be",
    severity: "high",
    level: "mandatory",
    controls: {},
    remediation: "Make them so.",
    url: "https://example.com",
    types: "*",
    check,
    ...more,
  });
}

describe("frame: values", () => {
  const value = Value.of({
    a: { b: [{ c: 1 }, UNKNOWN] },
    text: "x",
    yes: "True",
    number: "22",
    unknown: UNKNOWN,
    none: null,
    part: `a-${UNKNOWN}`,
  });
  it("reads below what is absent or unknown without tripping", () => {
    assert.equal(value.at("nowhere.at.all").isAbsent, true);
    assert.equal(value.at("unknown.below").isUnknown, true);
    assert.equal(value.at("none").isAbsent, true);
    assert.equal(value.at("constructor").isAbsent, true);
  });
  it("names the path of each element", () => {
    assert.deepEqual(
      value
        .at("a.b")
        .items()
        .map((item) => item.path),
      ["a.b[0]", "a.b[1]"],
    );
  });
  it("takes a single value for a list of one, and nothing for an empty one", () => {
    assert.equal(value.at("text").items().length, 1);
    assert.equal(value.at("none").items().length, 0);
  });
  it("throws where the content of an unknown value is asked, and not where its presence is", () => {
    assert.equal(value.at("unknown").isSet, true);
    for (const read of [
      () => value.at("unknown").text(),
      () => value.at("unknown").items(),
      () => value.at("unknown").entries(),
      () => value.at("part").text(),
    ]) {
      assert.throws(read, Undeterminable);
    }
  });
  it("reads booleans and numbers that are written as text", () => {
    assert.equal(value.at("yes").flag(), true);
    assert.equal(value.at("number").number(), 22);
    assert.equal(value.at("text").number(), undefined);
    assert.equal(value.at("text").flag(), undefined);
  });
  it("shows secrets by mark and by name as [secret], and long texts shortened", () => {
    const secret = Value.of(
      decode({ key: { ...SECRET, value: "hunter2" }, password: "hunter2", secretArn: "arn:x", long: "x".repeat(500) }),
    );
    assert.equal(secret.at("key").show(), "[secret]");
    assert.equal(secret.at("password").show(), "[secret]");
    assert.equal(secret.at("secretArn").show(), '"arn:x"');
    assert.ok(secret.at("long").show().length < 150);
  });
  it("keeps the secret mark on what stands below a secret", () => {
    assert.equal(
      Value.of(decode({ a: { ...SECRET, value: { b: "hunter2" } } }))
        .at("a.b")
        .show(),
      "[secret]",
    );
    assert.equal(
      Value.of(decode({ a: { ...SECRET, value: '{"b":"hunter2"}' } }))
        .at("a")
        .document()
        .at("b")
        .show(),
      "[secret]",
    );
  });
});

describe("frame: the wire", () => {
  it("reads through output values, known or not", () => {
    assert.equal(decode({ ...OUTPUT, value: 1 }), 1);
    assert.equal(decode({ ...OUTPUT }), UNKNOWN);
    assert.deepEqual(decode({ ...OUTPUT, value: 1, secret: true }), new Secret(1));
  });
  it("takes unknown signatures as plain data", () => {
    const strange = { "4dabf18193072939515e22adb298388d": "something-new", a: 1 };
    assert.deepEqual(decode(strange), strange);
  });
  it("leaves prototypes alone", () => {
    const decoded = decode(JSON.parse('{"__proto__": {"polluted": true}, "a": 1}')) as Record<string, unknown>;
    assert.deepEqual(decoded, { a: 1 });
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });
});

describe("frame: judging", () => {
  it("turns a fault of the rule into a finding that quotes no input", () => {
    const verdict = judgeResource(
      policyThat(() => {
        throw new TypeError("cannot read hunter2");
      }),
      resource("a:b:C", {}),
    );
    assert.deepEqual(verdict.findings, [
      {
        policy: "test-does-something",
        urn: urnOf("a:b:C"),
        kind: "undeterminable",
        severity: "high",
        found: "the rule failed (TypeError); this is a fault of the policy pack",
        remedy: "Make them so.",
      },
    ]);
  });
  it("keeps what was found before the rule failed", () => {
    const verdict = judgeResource(
      policyThat((_, report) => {
        report.violation("bad");
        throw new Error("x");
      }),
      resource("a:b:C", {}),
    );
    assert.deepEqual(violations(verdict), ["bad"]);
    assert.equal(undeterminable(verdict).length, 1);
  });
  it("gives a finding severity and remedy of its own where the rule has them", () => {
    const { findings } = judgeResource(
      policyThat((_, report) => report.violation("bad", { severity: "low", remedy: "Wait." })),
      resource("a:b:C", {}),
    );
    assert.deepEqual(
      findings.map(({ severity, remedy }) => [severity, remedy]),
      [["low", "Wait."]],
    );
  });
  it("names the input concerned: the one tested, the unknown one, or the element at hand", () => {
    const { findings } = judgeResource(
      policyThat((it, report) => {
        report.expect(it.at("a.b"), () => false);
        report.guard(() => void it.at("unknown").text());
        report.decide(true, it.at("decides"), "broken");
        report.each(it.at("list"), (item) => report.violation(`${item.path} is bad`));
        report.violation("the whole is bad");
      }),
      resource("a:b:C", { unknown: UNKNOWN, list: ["x"] }),
    );
    assert.deepEqual(
      findings.map(({ property }) => property),
      ["a.b", "unknown", "decides", "list[0]", undefined],
    );
  });
  it("names no input of one resource in a finding on another", () => {
    const stack = [resource("a:b:C", { list: ["x"] }, "first"), resource("a:b:C", {}, "second")] as const;
    const policy = stackPolicy({
      ...policyThat(() => undefined),
      checkStack: (_, report) =>
        report.eachResource([stack[0]], (one) =>
          report.each(one.at("list"), () => {
            report.violation("own");
            report.violation("other", { resource: stack[1] });
            report.eachResource([stack[1]], () => report.violation("inner"));
          }),
        ),
    });
    assert.deepEqual(
      judgeStack(policy, new StackView(stack)).findings.map(({ found, property }) => [found, property]),
      [
        ["own", "list[0]"],
        ["other", undefined],
        ["inner", undefined],
      ],
    );
  });
  it("goes on after an unknown element", () => {
    const verdict = judgeResource(
      policyThat((it, report) =>
        report.each(it.at("list"), (item) => {
          if (item.text() === "bad") report.violation(`${item.path} is bad`);
        }),
      ),
      resource("a:b:C", { list: [UNKNOWN, "bad", UNKNOWN] }),
    );
    assert.deepEqual(violations(verdict), ["list[1] is bad"]);
    assert.equal(undeterminable(verdict).length, 2);
  });
  it("says the same thing of the same resource once", () => {
    const verdict = judgeResource(
      policyThat((_, report) => {
        report.violation("bad");
        report.violation("bad");
      }),
      resource("a:b:C", {}),
    );
    assert.equal(verdict.findings.length, 1);
  });
  it("reports that a rule does not apply", () => {
    const verdict = judgeResource(
      policyThat((_, report) => report.notApplicable("nothing here")),
      resource("a:b:C", {}),
    );
    assert.deepEqual(verdict, { findings: [], notApplicable: "nothing here" });
  });
  it("judges the next resource of a stack after one that a rule does not apply to", () => {
    const policy = stackPolicy({
      ...policyThat(() => undefined),
      types: ["a:b:C"],
      checkStack: (stack, report) =>
        report.eachResource(stack.resources, (one) => {
          if (one.name === "first") report.notApplicable("not this one");
          report.violation("bad");
        }),
    });
    const verdict = judgeStack(
      policy,
      new StackView([resource("a:b:C", {}, "first"), resource("a:b:C", {}, "second")]),
    );
    assert.deepEqual(
      verdict.findings.map(({ kind, found, urn }) => [kind, found, urn]),
      [["violation", "bad", urnOf("a:b:C", "second")]],
    );
    assert.ok(judgeStack(policy, new StackView([resource("x:y:Z", {})])).notApplicable);
  });
  it("gives settings their defaults", () => {
    const policy = policyThat(() => undefined, { config: { days: { type: "integer", description: "", default: 7 } } });
    assert.equal(settings(policy).at("days").number(), 7);
    assert.equal(settings(policy, { days: 9 }).at("days").number(), 9);
  });
});

describe("frame: stacks", () => {
  const target = resource("t:t:T", { bucket: "b" }, "target");
  const links = (given: unknown, propertyDependencies?: Record<string, string[]>) => {
    const from = resource("f:f:F", { ref: given }, "from", propertyDependencies ? { propertyDependencies } : {});
    return new StackView([target, from]).refers(from, "ref", target);
  };
  it("follows dependencies, identities and interpolations", () => {
    assert.equal(links(UNKNOWN, { ref: [target.urn] }), true);
    assert.equal(links("b"), true);
    assert.equal(links(["a", "b"]), true);
    assert.equal(links("${aws_t.target.id}"), true);
  });
  it("takes other resources' names for others", () => {
    assert.equal(links("c"), false);
    assert.equal(links(undefined), false);
    assert.equal(links("${aws_t.target_2.id}"), false);
    assert.equal(links(UNKNOWN, { ref: [urnOf("o:o:O")] }), false);
  });
  it("cannot tell of an unknown reference without dependencies", () => {
    assert.throws(() => links(UNKNOWN), Undeterminable);
    const from = resource("f:f:F", { ref: UNKNOWN }, "from");
    assert.deepEqual(
      new StackView([target, from]).companions(target, "f:f:F", "ref").unsure.map((value) => value.path),
      ["ref"],
    );
  });
});

describe("frame: diagnostics", () => {
  const policy = policyThat(() => undefined);
  const urn = urnOf("a:b:C");
  const finding: Finding = {
    policy: policy.name,
    urn,
    kind: "violation",
    severity: "high",
    found: "a is 1",
    remedy: "Make it 2.",
    property: "a",
  };
  const none = new ExemptionBook({ active: [], remarks: [] });
  const book = new ExemptionBook({
    active: [{ policy: policy.name, urn, reason: "r", ticket: "SEC-1", approvedBy: "abe", expires: "2027-01-01" }],
    remarks: [],
  });
  /** The text for people and the finding for programs. */
  const partsOf = (message: string): [text: string, block: unknown] => {
    const lines = message.split("\n");
    return [lines.slice(0, -1).join("\n"), JSON.parse(lines.at(-1) ?? "")];
  };
  it("says what was found and what to do, and carries the finding in the last line", () => {
    const { level, message } = diagnosticOf(policy, finding, "mandatory", none);
    assert.deepEqual(partsOf(message), ["Things are as they should be\na is 1\nRemedy: Make it 2.", { finding }]);
    assert.equal(level, "mandatory");
  });
  it("keeps the last line whole, whatever the finding says", () => {
    const odd = { ...finding, found: 'two\nlines\u2028 and {"finding":{}}\n', remedy: "\n" };
    const { message } = diagnosticOf(policy, odd, "mandatory", none);
    assert.deepEqual(partsOf(message)[1], { finding: odd });
  });
  it("is advisory where preview cannot know, and says so first", () => {
    const unknown = { ...finding, kind: "undeterminable" } as const;
    const { level, message } = diagnosticOf(policy, unknown, "mandatory", none);
    assert.ok(message.startsWith("[undeterminable] Things are"));
    assert.deepEqual([level, partsOf(message)[1]], ["advisory", { finding: unknown }]);
  });
  it("is advisory where a reviewed exemption covers it, and says until when", () => {
    const { level, message } = diagnosticOf(policy, finding, "mandatory", book);
    assert.ok(message.startsWith("[exempt SEC-1 until 2027-01-01] Things are"));
    const exempt = { ...finding, kind: "exempt", exemption: { ticket: "SEC-1", expires: "2027-01-01" } };
    assert.deepEqual([level, partsOf(message)[1]], ["advisory", { finding: exempt }]);
  });
  it("exempts no other resource and no other policy", () => {
    for (const other of [{ urn: `${urn}2` }, { policy: "other" }]) {
      const { level, finding: told } = diagnosticOf(policy, { ...finding, ...other }, "mandatory", book);
      assert.deepEqual([level, told.kind], ["mandatory", "violation"]);
    }
  });
  it("follows the level of the run", () => {
    assert.equal(diagnosticOf(policy, finding, "advisory", none).level, "advisory");
    assert.equal(diagnosticOf(policy, finding, "remediate", none).level, "mandatory");
  });
  it("shows the most telling framework, whatever the order of the controls", () => {
    assert.deepEqual(frameworkOf({ "nist-800-53r5": ["SC-7"], fsbp: ["EC2.13", "EC2.14"] }), {
      name: "AWS Foundational Security Best Practices",
      version: "1.0.0",
      reference: "EC2.13",
      specification: "https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html",
    });
    assert.equal(frameworkOf({ checkov: ["CKV_AWS_24"] }), undefined);
  });
  it("makes tags of controls in their order", () => {
    assert.deepEqual(tagsOf({ baseline: ["no-public-ssh"], "nist-800-53r5": ["SC-7", "IA-2(1)"], area: ["cost"] }), [
      "baseline:no-public-ssh",
      "nist-800-53r5:SC-7",
      "nist-800-53r5:IA-2(1)",
      "area:cost",
    ]);
  });
});
