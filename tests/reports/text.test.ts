import assert from "node:assert/strict";
import type { PreviewDocument } from "../../reports";
import { renderText } from "../../reports/text";
import { resource, sample, urn, finding } from "./documents";

const stackOf = (more: Partial<PreviewDocument["stacks"][number]>): PreviewDocument => ({
  stacks: [{ stack: "engineering", resources: [], outputs: {}, violations: [], passed: {}, ...more }],
});

describe("reports: text", () => {
  it("shows components as branches, resources by type, and components that are alike once", () => {
    const lines = renderText(sample).split("\n");
    assert.deepEqual(lines.slice(0, 7), [
      "engineering  6 resources",
      "├─ aws.ec2.SecurityGroup  open",
      "├─ cline:network:Network  network  3 resources",
      "│  ├─ aws.ec2.Subnet ×2  network-a, network-b",
      "│  └─ aws.ec2.Vpc  network-vpc",
      "└─ cline:workspace:DeveloperWorkspace ×2  suzuki, tanaka  1 resource each",
      "   └─ aws.ec2.Instance",
    ]);
  });

  it("names every resource when asked to", () => {
    const text = renderText(sample, { every: true });
    assert.match(text, /DeveloperWorkspace {2}suzuki {2}1 resource\n/);
    assert.match(text, /aws\.ec2\.Instance {2}tanaka-instance/);
  });

  it("tells what stops a deployment first, with resource, source line, finding and remedy", () => {
    const text = renderText(sample);
    const finding = text.slice(text.indexOf("✗ mandatory"));
    assert.match(
      finding,
      /^✗ mandatory {2}net-no-public-ssh \(critical\)\n {4}aws\.ec2\.SecurityGroup open {2}components\/network\/network\.ts:41\n {4}found: ingress\[0\] admits port 22 from 0\.0\.0\.0\/0\n {4}remedy: Remove the rule; use Session Manager\.\n/,
    );
    assert.match(text, /exempt: by SEC-7 until 2027-01-31/);
    assert.match(text, /exemption: reason, ticket, approver and end: npm run exempt -- net-no-public-ssh@open\n/);
    assert.match(text, /\nRefused: 1 stack, 6 resources, 1 mandatory violation, 1 advisory, .*5 checks passed\.\n$/);
  });

  it("accepts a stack whose findings are advisory, exempt or cannot be judged", () => {
    const violations = sample.stacks[0]!.violations.slice(1);
    const text = renderText(stackOf({ violations }));
    assert.match(text, /\nAccepted: /);
    assert.doesNotMatch(text, /Refused/);
  });

  it("takes a finding that could not be judged for no violation, even of a mandatory policy", () => {
    const text = renderText(stackOf({ violations: [finding({ undeterminable: true })] }));
    assert.match(text, /Accepted: .* 1 not judged before deployment/);
  });

  it("uses the policy's remediation when the finding has no remedy of its own", () => {
    const text = renderText({ ...stackOf({ violations: [finding()] }), policies: sample.policies! });
    assert.match(text, /remedy: Remove the rule\.\n/);
  });

  it("names every resource of a mandatory violation, and the first few of an advisory", () => {
    const violations = Array.from({ length: 9 }, (_, i) =>
      finding({ urn: urn("aws:ec2/instance:Instance", `i${i}`), level: "advisory", message: "same" }),
    );
    assert.match(renderText(stackOf({ violations })), /i4\n {4}and 4 other resources\n {4}found: same/);
    const mandatory = violations.map((v) => ({ ...v, level: "mandatory" as const }));
    assert.match(renderText(stackOf({ violations: mandatory })), /i8\n {4}found: same/);
  });

  it("colours only when asked", () => {
    assert.equal(renderText(sample).includes("\u001b"), false);
    const coloured = renderText(sample, { colour: true });
    // eslint-disable-next-line no-control-regex -- ANSI escapes are what this test is about
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ""), renderText(sample));
    assert.ok(coloured.includes("\u001b[31mRefused\u001b[39m"));
  });

  it("prints the same whatever order resources, violations and counts came in", () => {
    const [stack] = sample.stacks;
    const shuffled: PreviewDocument = {
      ...sample,
      stacks: [
        {
          ...stack!,
          resources: [...stack!.resources].reverse(),
          violations: [...stack!.violations].reverse(),
          passed: Object.fromEntries(Object.entries(stack!.passed).reverse()),
        },
      ],
    };
    assert.equal(renderText(shuffled), renderText(sample));
  });

  it("counts a resource that has others under it, keeps orphans at the root, and shows notes", () => {
    const zone = resource("aws:route53/zone:Zone", "zone");
    const resources = [
      zone,
      resource("aws:route53/record:Record", "a", zone.urn),
      resource("aws:s3/bucket:Bucket", "lost", "urn:gone"),
    ];
    const text = renderText(stackOf({ resources, notes: ["images are samples"] }));
    assert.match(text, /^engineering {2}3 resources\n/);
    assert.match(text, /aws\.route53\.Zone {2}zone {2}2 resources/);
    assert.match(text, /note images are samples/);
  });
});
