import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { exemptionsPolicy } from "../../src/exemptions-policy";
import { ExemptionBook } from "../../src/frame/exemption-book";
import type { Finding } from "../../src/frame/finding";
import { isStackPolicy } from "../../src/frame/policy";
import { toPulumi } from "../../src/frame/pulumi";
import { Analyzer } from "../../src/frame/server";
import { policies } from "../../src/policies";
import { UNKNOWN } from "../support";
import { analyzeRequest, RunningPack, stackRequest, type Json } from "./engine";

const HOME = path.join(__dirname, "../..");
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INSTANCE = "aws:ec2/instance:Instance";
const rule = (cidr: string): Json => ({ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: [cidr] });
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "hunter2-canary" };
const { ADVISORY, MANDATORY, REMEDIATE, DISABLED } = proto.EnforcementLevel;

const byPolicy = (response: proto.AnalyzeResponse, name: string) =>
  response.getDiagnosticsList().filter((diagnostic) => diagnostic.getPolicyname() === name);

/** The finding in a message's last line. */
const blockOf = (diagnostic: proto.AnalyzeDiagnostic) =>
  JSON.parse(diagnostic.getMessage().split("\n").at(-1) ?? "") as { finding: Finding };

/** A folder with the pack as it is shipped, built from this source. */
function packFolder(exemptions: unknown): string {
  const folder = mkdtempSync(path.join(tmpdir(), "pack-"));
  for (const file of ["package.json", "PulumiPolicy.yaml"]) cpSync(path.join(HOME, file), path.join(folder, file));
  symlinkSync(path.join(HOME, "../node_modules"), path.join(folder, "node_modules"));
  writeFileSync(path.join(folder, "exemptions.json"), JSON.stringify(exemptions));
  buildSync({
    absWorkingDir: HOME,
    entryPoints: ["src/index.ts"],
    outfile: path.join(folder, "dist/index.js"),
    bundle: true,
    platform: "node",
    external: ["@pulumi/*"],
  });
  return folder;
}

describe("the pack as the engine starts it", () => {
  const urn = `urn:pulumi:test::test::${INSTANCE}::it`;
  const expires = new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10);
  let folder = "";
  let pack: RunningPack;
  before(async () => {
    folder = packFolder([
      { policy: "ec2-no-public-ip", urn, reason: "r", ticket: "SEC-1", approvedBy: "abe", expires },
    ]);
    pack = await RunningPack.start(folder);
  });
  after(() => {
    pack.stop();
    rmSync(folder, { recursive: true });
  });

  it("lists every policy with what an auditor asks", async () => {
    const info = await pack.info();
    assert.equal(info.getPoliciesList().length, policies.length + 1);
    const ssh = info.getPoliciesList().find((policy) => policy.getName() === "net-no-public-ssh");
    assert.ok(ssh);
    assert.ok(ssh.getTagsList().includes("baseline:no-public-ssh"));
    assert.equal(ssh.getSeverity(), proto.PolicySeverity.POLICY_SEVERITY_CRITICAL);
    assert.equal(ssh.getEnforcementlevel(), MANDATORY);
    assert.equal(ssh.getFramework()?.getReference(), "EC2.13");
    assert.ok(ssh.getRemediationSteps() !== "" && ssh.getUrl() !== "");
  });

  it("reports an open rule beside one that is not known", async () => {
    const found = byPolicy(await pack.analyze(GROUP, { ingress: [UNKNOWN, rule("0.0.0.0/0")] }), "net-no-public-ssh");
    assert.deepEqual(found.map((diagnostic) => diagnostic.getEnforcementlevel()).sort(), [ADVISORY, MANDATORY].sort());
    assert.ok(found.some((diagnostic) => diagnostic.getMessage().startsWith("[undeterminable] ")));
  });

  it("says of each policy that it does not apply, or was asked", async () => {
    const response = await pack.analyze("aws:nothing/at:All", {});
    const skipped = new Set(response.getNotApplicableList().map((one) => one.getPolicyName()));
    const resourcePolicies = policies.filter((policy) => !isStackPolicy(policy) && policy.types !== "*");
    assert.deepEqual(
      resourcePolicies.filter((policy) => !skipped.has(policy.name)),
      [],
    );
    assert.ok(response.getNotApplicableList().every((one) => one.getReason() !== ""));
  });

  it("shows an exempt finding as exempt", async () => {
    const found = byPolicy(await pack.analyze(INSTANCE, { associatePublicIpAddress: true }), "ec2-no-public-ip")[0];
    assert.ok(found);
    assert.ok(found.getMessage().startsWith(`[exempt SEC-1 until ${expires}] `));
    assert.equal(found.getEnforcementlevel(), ADVISORY);
    const { finding } = blockOf(found);
    assert.deepEqual([finding.kind, finding.exemption], ["exempt", { ticket: "SEC-1", expires }]);
  });

  it("carries each finding once for people and once for programs", async () => {
    const [found] = byPolicy(await pack.analyze(GROUP, { ingress: [rule("0.0.0.0/0")] }), "net-no-public-ssh");
    assert.ok(found);
    const { finding } = blockOf(found);
    assert.equal(
      found.getMessage().split("\n").slice(0, -1).join("\n"),
      [found.getDescription(), finding.found, `Remedy: ${finding.remedy}`].join("\n"),
    );
    assert.deepEqual(
      [finding.policy, finding.urn, finding.kind, finding.severity, finding.property],
      ["net-no-public-ssh", found.getUrn(), "violation", "critical", "ingress[0]"],
    );
  });

  it("judges whole stacks", async () => {
    const response = await pack.analyzeStack([["aws:ec2/vpc:Vpc", "net", { cidrBlock: "10.0.0.0/16" }]]);
    assert.equal(
      byPolicy(response, "net-default-sg-taken")[0]?.getUrn(),
      "urn:pulumi:test::test::aws:ec2/vpc:Vpc::net",
    );
  });

  it("judges a stack by what the program states, where outputs are not known yet", async () => {
    const BUCKET = "aws:s3/bucket:Bucket";
    const outputs = { bucket: UNKNOWN, serverSideEncryptionConfiguration: UNKNOWN };
    const found = async () =>
      byPolicy(await pack.analyzeStack([[BUCKET, "it", outputs]]), "kms-s3-bucket-has-sse")[0]?.getEnforcementlevel();
    assert.equal(await found(), ADVISORY);
    await pack.analyze(BUCKET, {});
    assert.equal(await found(), MANDATORY);
  });

  it("shows no secret, and survives what is no input", async () => {
    const strange: Json[] = [
      { ingress: SECRET },
      { ingress: [{ ...rule("0.0.0.0/0"), cidrBlocks: [SECRET] }] },
      { "4dabf18193072939515e22adb298388d": "unheard-of" },
      { ingress: { "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", urn: "u" } },
      { ingress: [[[[]]], null, 1, "x"] },
    ];
    for (const inputs of strange) {
      const response = await pack.analyze(GROUP, inputs);
      assert.ok(!response.getDiagnosticsList().some((diagnostic) => diagnostic.getMessage().includes("hunter2")));
    }
  });

  it("refuses settings of policies it does not have", async () => {
    await assert.rejects(
      pack.configure({ "no-such-policy": { level: MANDATORY } }),
      /no policy is called \\?"no-such-policy/,
    );
    await assert.rejects(
      pack.configure({ "net-no-public-ssh": { level: MANDATORY, properties: { ports: 1 } } }),
      /has no setting/,
    );
  });

  it("follows levels and settings, and remediates where asked to", async () => {
    const policy = JSON.stringify({ Statement: { Effect: "Allow", Action: "ssm:StartSession", Resource: "*" } });
    const open = { ingress: [rule("0.0.0.0/0")] };
    try {
      await pack.configure({
        "net-no-public-ssh": { level: ADVISORY },
        "ec2-no-key-pair": { level: DISABLED },
        "ssm-session-requires-mfa": { level: MANDATORY, properties: { mfaMode: "assume-role" } },
        "net-subnet-no-public-ip": { level: REMEDIATE },
      });
      assert.equal(byPolicy(await pack.analyze(GROUP, open), "net-no-public-ssh")[0]?.getEnforcementlevel(), ADVISORY);
      assert.deepEqual(byPolicy(await pack.analyze(INSTANCE, { keyName: "k" }), "ec2-no-key-pair"), []);
      assert.deepEqual(
        byPolicy(await pack.analyze("aws:iam/rolePolicy:RolePolicy", { policy }), "ssm-session-requires-mfa"),
        [],
      );
      const changed = await pack.remediate("aws:ec2/subnet:Subnet", { mapPublicIpOnLaunch: true, vpcId: UNKNOWN });
      const [remediation] = changed.getRemediationsList();
      assert.deepEqual(remediation?.getProperties()?.toJavaScript(), { mapPublicIpOnLaunch: false, vpcId: UNKNOWN });
    } finally {
      await pack.configure({});
    }
    assert.equal(byPolicy(await pack.analyze(GROUP, open), "net-no-public-ssh")[0]?.getEnforcementlevel(), MANDATORY);
    assert.equal(
      byPolicy(await pack.analyze("aws:iam/rolePolicy:RolePolicy", { policy }), "ssm-session-requires-mfa").length,
      1,
    );
  });
});

describe("the SDK's own server", () => {
  // Internal to the SDK and without types: what its server does with a policy when nothing routes it.
  const sdk = createRequire(__filename)("@pulumi/policy/server") as Record<
    "makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun",
    (...args: unknown[]) => (call: unknown, done: Done) => void
  >;
  type Done = (error: Error | null | undefined, response: proto.AnalyzeResponse) => void;
  const book = new ExemptionBook({ active: [], remarks: [] });
  const all = [...policies, exemptionsPolicy(book)];
  const plain = all.map((policy) => toPulumi(policy, book));
  const routed = new Analyzer({ name: "p", version: "1", policies: all, book }).handlers({});
  const ask = (handler: ((call: never, done: never) => void) | undefined, request: unknown): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const done: Done = (error, response) => (error ? reject(error) : resolve(texts(response)));
      handler?.({ request } as never, done as never);
    });
  const texts = (response: proto.AnalyzeResponse): string[] =>
    response
      .getDiagnosticsList()
      .map((one) => [one.getPolicyname(), one.getEnforcementlevel(), one.getSeverity(), one.getMessage()].join(" | "))
      .sort();

  it("comes to the same verdicts on resources", async () => {
    const plainly = sdk.makeAnalyzeRpcFun("p", "1", "mandatory", plain);
    for (const [type, inputs] of [
      [GROUP, { ingress: [UNKNOWN, rule("0.0.0.0/0")], egress: [rule("0.0.0.0/0")] }],
      [INSTANCE, { keyName: UNKNOWN, associatePublicIpAddress: true }],
      [
        "aws:iam/role:Role",
        {
          assumeRolePolicy: JSON.stringify({
            Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "1" } },
          }),
        },
      ],
      ["aws:rds/cluster:Cluster", {}],
    ] as const) {
      const expected = await ask(plainly, analyzeRequest(type, inputs));
      assert.notDeepEqual(expected, []);
      assert.deepEqual(await ask(routed["analyze"], analyzeRequest(type, inputs)), expected);
    }
  });

  it("comes to the same verdicts on stacks", async () => {
    const request = stackRequest([
      ["aws:ec2/vpc:Vpc", "net", {}],
      ["aws:s3/bucket:Bucket", "data", {}],
    ]);
    const expected = await ask(sdk.makeAnalyzeStackRpcFun("p", "1", "mandatory", plain), request);
    assert.notDeepEqual(expected, []);
    assert.deepEqual(await ask(routed["analyzeStack"], request), expected);
  });
});
