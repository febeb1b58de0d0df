/** The four baselines of this landing zone. */
export type Baseline = "no-public-ssh" | "kms-everywhere" | "vpc-endpoints-only" | "ssm-mfa";

/**
 * The ids of the controls that a policy answers, by framework. The order of the keys is the order
 * of the policy's tags.
 */
export interface Controls {
  readonly baseline?: readonly Baseline[];
  /** AWS Foundational Security Best Practices, the standard of Security Hub: `EC2.13`. */
  readonly fsbp?: readonly `${string}.${number}`[];
  /** CIS AWS Foundations Benchmark 3.0: `5.2` or `2.1.4`. */
  readonly "cis-aws-3.0"?: readonly `${number}.${string}`[];
  /** NIST SP 800-53 Rev. 5: `SC-7` or, with a control enhancement, `IA-2(1)`. */
  readonly "nist-800-53r5"?: readonly `${string}-${number | `${number}(${number})`}`[];
  /** The controls for AI workloads: `AI-01`, `IAM-02`, `INFRA-01`. */
  readonly aisf?: readonly `${"AI" | "IAM" | "INFRA"}-${number}`[];
  /** Checks of Checkov, Trivy and cdk-nag that look for the same fault. */
  readonly checkov?: readonly `CKV${"" | "2"}_AWS_${number}`[];
  readonly trivy?: readonly `AWS-${number}`[];
  readonly "cdk-nag"?: readonly string[];
  /** The subject, where no framework of controls has it. */
  readonly area?: readonly "cost"[];
}

/** A framework's name in tags. */
export type Framework = keyof Controls;

/** One control of a framework, in the words of the Pulumi SDK. */
export interface ComplianceFramework {
  readonly name: string;
  readonly version: string;
  /** The control's id. */
  readonly reference: string;
  /** Where the framework is published. */
  readonly specification: string;
}

/** The frameworks that Pulumi shows, by priority: it shows one per policy. */
const SHOWN: readonly (readonly [framework: Framework, facts: Omit<ComplianceFramework, "reference">])[] = [
  [
    "fsbp",
    {
      name: "AWS Foundational Security Best Practices",
      version: "1.0.0",
      specification: "https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html",
    },
  ],
  [
    "cis-aws-3.0",
    {
      name: "CIS AWS Foundations Benchmark",
      version: "3.0.0",
      specification: "https://www.cisecurity.org/benchmark/amazon_web_services",
    },
  ],
  [
    "nist-800-53r5",
    {
      name: "NIST SP 800-53",
      version: "Rev. 5",
      specification: "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
    },
  ],
];

/** The controls as tags, `FRAMEWORK:ID`: the form in which the engine and the reports get them. */
export function tagsOf(controls: Controls): string[] {
  return Object.entries(controls).flatMap(([framework, ids]) =>
    (ids as readonly string[]).map((id) => `${framework}:${id}`),
  );
}

/**
 * The first control of the most telling framework; undefined when none of the controls is of a
 * framework that Pulumi shows.
 */
export function frameworkOf(controls: Controls): ComplianceFramework | undefined {
  for (const [framework, { name, version, specification }] of SHOWN) {
    const [reference] = controls[framework] ?? [];
    if (reference !== undefined) return { name, version, reference, specification };
  }
  return undefined;
}
