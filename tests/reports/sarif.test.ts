import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import fc from "fast-check";
import type { Log, Result, Run } from "sarif";
import type { Finding, PreviewDocument } from "../../reports";
import { renderSarif } from "../../reports/sarif";
import { anyFindings, finding, policy, sample, urn, withFindings } from "./documents";

const runOf = (sarif: string): Run => {
  const { runs } = JSON.parse(sarif) as Log;
  assert.equal(runs.length, 1);
  return runs[0]!;
};
const resultsOf = (document: PreviewDocument): Result[] => runOf(renderSarif(document)).results!;
const fingerprintOf = ({ partialFingerprints }: Result): string => partialFingerprints!["primaryLocationLineHash"]!;
const placeOf = ({ locations }: Result) => locations![0]!.physicalLocation!;

describe("reports: SARIF", () => {
  const file = path.join(path.dirname(require.resolve("@microsoft/jest-sarif")), "schemas", "sarif-2.1.0-rtm.5.json");
  const { id: _id, $schema: _draft, ...schema } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const validate = addFormats(new Ajv({ strict: false, unicodeRegExp: false })).compile(schema);
  const check = (sarif: string): void => assert.ok(validate(JSON.parse(sarif)), JSON.stringify(validate.errors));

  it("follows the 2.1.0 schema, for the sample and for any finding", () => {
    check(renderSarif(sample));
    check(renderSarif({ stacks: [] }));
    fc.assert(
      fc.property(anyFindings, (some) => check(renderSarif(withFindings(some)))),
      { numRuns: 60 },
    );
    assert.equal(validate({ version: "2.1.0" }), false);
  });

  it("gives each outcome the kind and level that code scanning understands", () => {
    const shown = resultsOf(sample).map(({ ruleId, kind, level, suppressions = [] }) => [
      ruleId,
      kind,
      level,
      suppressions.length,
    ]);
    assert.deepEqual(shown, [
      ["ec2-detailed-monitoring", "fail", "warning", 0],
      ["kms-cmk-required", "open", "none", 0],
      ["net-no-eip", "fail", "error", 1],
      ["net-no-public-ssh", "fail", "error", 0],
    ]);
  });

  it("points at the source line, else at the stack's file", () => {
    const at = resultsOf(sample).map((result) => [
      placeOf(result).artifactLocation!.uri,
      placeOf(result).region!.startLine,
    ]);
    assert.deepEqual(at.at(-1), ["components/network/network.ts", 41]);
    assert.deepEqual(at[0], ["stacks/Pulumi.engineering.yaml", 1]);
  });

  it("names the rule by its index, and the input concerned", () => {
    const { results, tool } = runOf(renderSarif(withFindings([finding({ property: "ingress[0]" }), finding()])));
    for (const { ruleId, ruleIndex } of results!) assert.equal(tool.driver.rules![ruleIndex!]!.id, ruleId);
    assert.deepEqual(
      results!.map(({ properties }) => properties?.["property"] as string | undefined),
      ["ingress[0]", undefined],
    );
  });

  it("keeps an alert when its line moves, and tells apart what one line makes", () => {
    const prints = (...findings: Finding[]): string[] => resultsOf(withFindings(findings)).map(fingerprintOf);
    const at = (source: string): string[] => prints(finding({ source }));
    assert.deepEqual(at("a.ts:9"), at("a.ts:1"));
    const others: Partial<Finding>[] = [{}, { urn: urn("t", "other") }, { message: "other" }, { policy: "other" }, {}];
    const told = prints(...others.map((more) => finding({ source: "a.ts:1", ...more })));
    assert.equal(new Set(told).size, others.length);
  });

  it("places a fault on its line, and one of the program at the project's file", () => {
    const faults = [{ message: "no lead", file: "stacks/Pulumi.a b.yaml", line: 7 }, { message: "the program ended" }];
    const sarif = renderSarif({ stacks: [], faults });
    check(sarif);
    const { results, tool } = runOf(sarif);
    assert.deepEqual(
      results!.map((result) => [
        result.ruleId,
        result.level,
        placeOf(result).artifactLocation!.uri,
        placeOf(result).region!.startLine,
      ]),
      [
        ["preview-fault", "error", "stacks/Pulumi.a%20b.yaml", 7],
        ["preview-fault", "error", "Pulumi.yaml", 1],
      ],
    );
    assert.equal(new Set(results!.map(fingerprintOf)).size, 2);
    assert.equal(tool.driver.rules![results![0]!.ruleIndex!]!.id, "preview-fault");
  });

  it("gives every rule both descriptions and a help that holds all controls, listed or not", () => {
    const { rules } = runOf(renderSarif(withFindings([finding(), finding({ policy: "unlisted" })]))).tool.driver;
    assert.ok(rules!.some(({ id }) => id === "unlisted"));
    for (const { shortDescription, fullDescription, help } of rules!)
      assert.ok(shortDescription?.text && fullDescription?.text && help?.text);
    assert.equal(
      rules!.find(({ id }) => id === "net-no-public-ssh")?.help?.text,
      "Remove the rule.\n\nControls: baseline:no-public-ssh, fsbp:EC2.13, cis-aws-3.0:5.2, nist-800-53r5:SC-7",
    );
  });

  it("shows ten tags: the first control of each framework before the second of any, other tools' checks last", () => {
    const tags = [
      "checkov:A",
      "baseline:b",
      "fsbp:1",
      "fsbp:2",
      "fsbp:3",
      "fsbp:4",
      "fsbp:5",
      "fsbp:6",
      "cis-aws-3.0:1",
    ];
    const all = [...tags, "cis-aws-3.0:2", "nist-800-53r5:SC-7", "trivy:T", "fsbp:1"];
    const shown = (given: string[]) =>
      runOf(renderSarif({ stacks: [], policies: [policy("p", { tags: given })] })).tool.driver.rules![0]!.properties!
        .tags;
    assert.deepEqual(shown(all), [
      "security",
      "baseline:b",
      "fsbp:1",
      "cis-aws-3.0:1",
      "nist-800-53r5:SC-7",
      "fsbp:2",
      "cis-aws-3.0:2",
      "fsbp:3",
      "fsbp:4",
      "fsbp:5",
    ]);
    assert.deepEqual(shown(["checkov:A", "fsbp:1"]), ["security", "fsbp:1", "checkov:A"]);
  });
});

/** The numbers are those of GitHub's page on SARIF support, written out here so that the renderer's own are checked. */
describe("reports: SARIF within the limits of code scanning", function () {
  this.timeout(120_000);
  /** A text of this length that hardly compresses, the same for the same seed. */
  const noise = (seed: number, length: number): string =>
    createHash("shake256", { outputLength: length }).update(String(seed)).digest("base64").slice(0, length);
  const many = (amount: number, length: number, remedyLength = 200): PreviewDocument => ({
    ...withFindings(
      Array.from({ length: amount }, (_, i) =>
        finding({
          policy: `policy-${i % 300}`,
          urn: urn("aws:ec2/instance:Instance", `i${i}`),
          level: i % 10 === 0 ? "mandatory" : "advisory",
          message: noise(i, length),
          source: `components/a.ts:${1 + (i % 40)}`,
        }),
      ),
    ),
    policies: Array.from({ length: 300 }, (_, i) =>
      policy(`policy-${i}`, {
        description: noise(i, 3_000),
        remediation: noise(i, remedyLength),
        tags: Array.from({ length: i % 50 }, (__, tag) => `fsbp:EC2.${tag}`),
      }),
    ),
  });
  const within = (document: PreviewDocument): Run => {
    const text = renderSarif(document);
    assert.ok(gzipSync(text).length <= 10_000_000, "10 MB compressed");
    const run = runOf(text);
    assert.ok(run.results!.length <= 25_000, "25,000 results");
    const rules = run.tool.driver.rules!;
    assert.ok(rules.length > 0 && rules.length <= 25_000, "25,000 rules");
    for (const { shortDescription, fullDescription, properties } of rules) {
      assert.ok(properties!.tags!.length <= 10, "20 tags a rule, of which 10 are shown");
      for (const text of [shortDescription!.text, fullDescription!.text]) assert.ok(text.length <= 1_024);
    }
    for (const { locations } of run.results!) assert.ok(locations!.length >= 1 && locations!.length <= 1_000);
    assert.equal(new Set(run.results!.map(fingerprintOf)).size, run.results!.length, "an alert for every result");
    return run;
  };
  const noteOf = ({ invocations = [] }: Run): string | undefined =>
    invocations[0]?.toolExecutionNotifications?.[0]?.message.text;

  it("keeps all of 5,000 findings", () => {
    const run = within(many(5_000, 200));
    assert.equal(run.results!.length, 5_000);
    assert.equal(noteOf(run), undefined);
  });

  it("keeps the worst of more findings than a run may have, and notes how many are left out", () => {
    const run = within(many(26_000, 10));
    assert.equal(run.results!.length, 25_000);
    assert.match(noteOf(run) ?? "", /^1000 findings .*left out/);
    assert.equal(run.results!.filter(({ level }) => level === "error").length, 2_600);
  });

  it("keeps the worst of what fits where the file would be too large, and cuts long texts", () => {
    const run = within(many(4_000, 6_000, 9_000));
    assert.ok(run.results!.length > 1_000 && run.results!.length < 4_000, String(run.results!.length));
    assert.equal(run.results!.filter(({ level }) => level === "error").length, 400);
    assert.match(noteOf(run) ?? "", new RegExp(`^${4_000 - run.results!.length} findings `));
    for (const { text } of [
      ...run.results!.map(({ message }) => message),
      ...run.tool.driver.rules!.map(({ help }) => help!),
    ])
      assert.ok(text!.length <= 4_096 && text!.endsWith("…"));
  });

  it("drops unused rules where there are more than a run may have", () => {
    const policies = Array.from({ length: 25_001 }, (_, i) => policy(`policy-${i}`));
    const run = within({ ...withFindings([finding({ policy: "unlisted" })]), policies });
    assert.ok(run.tool.driver.rules!.some(({ id }) => id === "unlisted"));
    assert.equal(run.tool.driver.rules![run.results![0]!.ruleIndex!]!.id, "unlisted");
  });
});
