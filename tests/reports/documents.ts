import fc from "fast-check";
import type { Finding, Level, PolicyMetadata, PreviewDocument, ResourceReport } from "../../reports";

/** A URN of the stack `engineering`; `chain` holds the parents' types and the resource's own. */
export function urn(chain: string, name: string, stack = "engineering"): string {
  return `urn:pulumi:${stack}::cline::${chain}::${name}`;
}

/** A resource under a parent. */
export function resource(
  type: string,
  name: string,
  parent = "",
  inputs: Record<string, unknown> = {},
): ResourceReport {
  const chain = parent ? `${parent.split("::")[2] ?? ""}$${type}` : type;
  return { urn: urn(chain, name), type, name, parent, inputs };
}

/** A finding, a mandatory violation unless said otherwise. */
export function finding(more: Partial<Finding> = {}): Finding {
  return {
    policy: "net-no-public-ssh",
    urn: urn("aws:ec2/securityGroup:SecurityGroup", "open"),
    level: "mandatory",
    severity: "critical",
    message: "ingress[0] admits port 22 from 0.0.0.0/0",
    ...more,
  };
}

/** A policy's metadata. */
export function policy(name: string, more: Partial<PolicyMetadata> = {}): PolicyMetadata {
  return { name, description: `About ${name}.`, level: "mandatory", severity: "high", tags: [], ...more };
}

const network = resource("cline:network:Network", "network");
const workspaces = ["tanaka", "suzuki"].map((id) => resource("cline:workspace:DeveloperWorkspace", id));

/** A small stack with a component of its own kind, two components that are alike, and findings of every outcome. */
export const sample: PreviewDocument = {
  stacks: [
    {
      stack: "engineering",
      resources: [
        network,
        resource("aws:ec2/vpc:Vpc", "network-vpc", network.urn),
        resource("aws:ec2/subnet:Subnet", "network-b", network.urn),
        resource("aws:ec2/subnet:Subnet", "network-a", network.urn),
        ...workspaces,
        ...workspaces.map((w) => resource("aws:ec2/instance:Instance", `${w.name}-instance`, w.urn)),
        resource("aws:ec2/securityGroup:SecurityGroup", "open"),
        {
          urn: urn("pulumi:pulumi:Stack", "cline-engineering"),
          type: "pulumi:pulumi:Stack",
          name: "cline-engineering",
          parent: "",
          inputs: {},
        },
      ],
      outputs: { vpcId: "[unknown]" },
      violations: [
        finding({ source: "components/network/network.ts:41", remedy: "Remove the rule; use Session Manager." }),
        finding({
          policy: "ec2-detailed-monitoring",
          level: "advisory",
          severity: "low",
          message: "monitoring is off",
        }),
        finding({
          policy: "kms-cmk-required",
          level: "advisory",
          undeterminable: true,
          message: "kmsKeyId is not known yet",
        }),
        finding({
          policy: "net-no-eip",
          level: "exempt",
          message: "an Elastic IP",
          exemption: { ticket: "SEC-7", expires: "2027-01-31" },
        }),
      ],
      passed: { "kms-cmk-required": 3, "ec2-imdsv2": 2 },
      evidence: {
        "net-no-public-ssh": {
          passed: [],
          violated: [urn("aws:ec2/securityGroup:SecurityGroup", "open")],
          exempt: [],
          undeterminable: [],
          notApplicable: 7,
        },
        "ec2-imdsv2": {
          passed: workspaces.map((w) =>
            urn("cline:workspace:DeveloperWorkspace$aws:ec2/instance:Instance", `${w.name}-instance`),
          ),
          violated: [],
          exempt: [],
          undeterminable: [],
          notApplicable: [],
        },
      },
    },
  ],
  policies: [
    policy("net-no-public-ssh", {
      severity: "critical",
      tags: ["baseline:no-public-ssh", "fsbp:EC2.13", "cis-aws-3.0:5.2", "nist-800-53r5:SC-7"],
      remediation: "Remove the rule.",
      url: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-13",
    }),
    policy("ec2-imdsv2", { tags: ["fsbp:EC2.8", "nist-800-53r5:AC-3"] }),
    policy("kms-cmk-required", { tags: ["fsbp:EC2.3", "nist-800-53r5:SC-7"] }),
    policy("ec2-detailed-monitoring", { level: "advisory", severity: "low" }),
    policy("net-no-eip", { tags: ["fsbp:EC2.12"] }),
  ],
};

/** The sample with these findings in its one stack, and nothing else. */
export const withFindings = (findings: readonly Finding[]): PreviewDocument => ({
  ...sample,
  stacks: [{ stack: "engineering", resources: [], outputs: {}, violations: findings, passed: {} }],
});

/** Any text that a resource's name or a finding may bring in: quotes, markup, control characters, formulas. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("=1+1", "＝1", "a\nb", 'a"b,c\r\nd', "]]>&<x>", "| a | `b` @team", "\u0000\u001b"),
);
/** A few findings with any text in them. */
export const anyFindings = fc.array(
  fc.record(
    {
      policy: fc.constantFrom("net-no-public-ssh", "unlisted"),
      urn: fc.oneof(text, fc.constant(finding().urn)),
      level: fc.constantFrom<Level>("mandatory", "advisory", "disabled", "exempt", "remediate"),
      severity: fc.constantFrom("critical", "low", ""),
      message: text,
      remedy: text,
      source: fc.constantFrom("a.ts:1", "a b/ü.ts:12:3", "no line"),
      exemption: fc.constant({ ticket: "SEC-1", expires: "2027-01-01" }),
      undeterminable: fc.constant(true as const),
    },
    { requiredKeys: ["policy", "urn", "level", "severity", "message"] },
  ),
  { maxLength: 6 },
);
