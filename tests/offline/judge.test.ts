import assert from "node:assert/strict";
import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { runInProcess } from "../../offline/in-process";
import type { Finding } from "../../offline/finding";
import { judge, type Verdict } from "../../offline/judge";
import type { Registered } from "../../offline/monitor";
import { buildPack } from "../../offline/pack-build";
import { startPack, type PolicyPack } from "../../offline/pack-client";

async function resources(preview = true): Promise<Registered[]> {
  const program = () => {
    new pulumi.StackReference("organization/cline/platform");
    const topic = new aws.sns.Topic("topic");
    const owner = new pulumi.ComponentResource("test:index:Owner", "owner");
    new aws.s3.Bucket("bad", { bucketPrefix: topic.arn, tags: { hidden: pulumi.secret("canary") } }, { parent: owner });
    new aws.s3.Bucket("good", { forceDestroy: true, bucketPrefix: "x" });
  };
  const result = await runInProcess(program, {
    stack: "test",
    preview,
    references: { "organization/cline/platform": {} },
  });
  return result.resources.map((resource) => resource.raw);
}

describe("the client of a policy pack", () => {
  let folder: string;
  let pack: PolicyPack;
  let verdict: Verdict;
  const of = (policy: string): Finding[] => verdict.findings.filter((finding) => finding.policy === policy);

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "pack-"));
    cpSync(path.join(__dirname, "fixtures/pack"), folder, { recursive: true });
    rmSync(path.join(folder, "dist"), { recursive: true, force: true });
    symlinkSync(path.join(__dirname, "../../node_modules"), path.join(folder, "node_modules"));
    pack = await startPack(folder);
    await pack.configure({ "whole-stack": { setting: "given" } });
    verdict = await judge(pack, await resources(), "eu-west-1");
  });
  after(async () => {
    await pack.close();
    rmSync(folder, { recursive: true });
  });

  it("builds the pack when it is missing or stale, and not otherwise", async () => {
    assert.ok(existsSync(path.join(folder, "dist/index.js")));
    assert.equal(await buildPack(folder), false);
    appendFileSync(path.join(folder, "src/index.js"), "// changed\n");
    assert.equal(await buildPack(folder), true);
    assert.equal(await buildPack(folder), false);
    const broken = mkdtempSync(path.join(tmpdir(), "broken-pack-"));
    writeFileSync(path.join(broken, "build.mjs"), "throw new Error('no such source')");
    await assert.rejects(buildPack(broken), /does not build:[\s\S]*no such source/);
    rmSync(broken, { recursive: true });
  });

  it("knows what the pack says of its policies", () => {
    const policy = pack.policies().find(({ name }) => name === "finds");
    assert.deepEqual(policy, {
      name: "finds",
      description: "Describes finds.",
      level: "mandatory",
      kind: "resource",
      severity: "high",
      tags: ["baseline:test"],
      framework: { name: "CIS", version: "3.0", reference: "1.1" },
      remediation: "Rename.",
      url: "https://example.com/finds",
      configurable: ["mfaMode"],
    });
    assert.equal(pack.policies().find(({ name }) => name === "whole-stack")?.kind, "stack");
  });

  it("reads a finding from the message's last line, and names the source line", () => {
    const [finding, ...more] = of("finds");
    assert.deepEqual(more, []);
    assert.match(finding?.source ?? "", /^tests\/offline\/judge\.test\.ts:\d+$/);
    assert.deepEqual(
      { ...finding, source: "" },
      {
        policy: "finds",
        urn: "urn:pulumi:test::cline::test:index:Owner$aws:s3/bucket:Bucket::bad",
        level: "mandatory",
        severity: "high",
        message: "found here",
        remedy: "rename it",
        property: "bucketPrefix",
        source: "",
      },
    );
  });

  it("tells what could not be judged and what is exempt apart from violations", () => {
    const [unread] = of("reads-unknown");
    assert.equal(unread?.undeterminable, true);
    const [unknown, exempt] = of("marks");
    assert.deepEqual([unknown?.undeterminable, unknown?.message], [true, "not known"]);
    assert.deepEqual(
      [exempt?.level, exempt?.exemption, exempt?.message],
      ["exempt", { ticket: "SEC-7", expires: "2027-01-31" }, "standing"],
    );
    const { evidence } = verdict;
    assert.deepEqual(
      [evidence["marks"]?.exempt.length, evidence["marks"]?.undeterminable.length, evidence["marks"]?.violated],
      [1, 1, []],
    );
  });

  it("takes a message without a block for the finding's text", () => {
    const [finding] = of("plain");
    assert.deepEqual(
      [finding?.message, finding?.remedy, finding?.level],
      ["found\nRemedy: none", undefined, "mandatory"],
    );
  });

  it("believes no block that excuses a mandatory finding, or speaks of another policy or resource", () => {
    const forged = of("forges");
    assert.equal(forged.length, 5);
    for (const finding of forged)
      assert.deepEqual(
        [finding.level, finding.undeterminable, finding.exemption, finding.urn.endsWith("::bad")],
        ["mandatory", undefined, undefined, true],
      );
  });

  it("counts what passed: judged, applicable, nothing found; not what a policy does not apply to, or is read only", () => {
    // Judged: the stack, topic, owner, two buckets. The StackReference is only read.
    assert.equal(verdict.passed["finds"], 4);
    assert.equal(verdict.passed["skips"], 2);
    assert.equal(verdict.evidence["skips"]?.notApplicable, 3);
    assert.equal(verdict.passed["content"], 1);
    assert.equal(verdict.passed["whole-stack"], 0);
    assert.equal("off" in verdict.passed, false);
  });

  it("shows the stack policy parents, dependencies, resources that are read, and settings", () => {
    const [finding] = of("whole-stack");
    assert.match(finding?.urn ?? "", /Bucket::bad$/);
    assert.equal(finding?.message, 'owner topic organization/cline/platform {"setting":"given"}');
  });

  it("remediates first, and judges what that leaves", () => {
    const [finding, ...more] = of("remediates");
    assert.deepEqual([finding?.level, more], ["remediate", []]);
    const urn = "urn:pulumi:test::cline::aws:s3/bucket:Bucket::good";
    assert.equal(finding?.urn, urn);
    assert.equal(verdict.remediated.get(urn)?.["forceDestroy"], false);
  });

  it("lets rules read secrets", () => assert.equal(of("sees-secret").length, 1));

  it("takes levels from a configuration, and refuses a level that does not exist", async () => {
    await pack.configure({ all: "advisory", finds: "disabled", off: { enforcementLevel: "mandatory" } });
    const again = await judge(pack, await resources(false), "eu-west-1");
    assert.deepEqual([...new Set(again.findings.map((finding) => finding.policy))].sort(), [
      "forges",
      "marks",
      "off",
      "plain",
      "sees-secret",
      "whole-stack",
    ]);
    assert.equal(again.findings.find((finding) => finding.policy === "off")?.level, "mandatory");
    await assert.rejects(
      pack.configure({ finds: "fatal" as "advisory" }),
      /finds: found level "fatal"; allowed advisory, mandatory/,
    );
  });

  it("says why a pack does not start", async () => {
    writeFileSync(path.join(folder, "src/index.js"), "throw new Error('no policies today');");
    await assert.rejects(
      startPack(folder).then((started) => started.close()),
      /did not start[\s\S]*no policies today/,
    );
  });
});
