import { stackPolicy } from "../../frame/policy";
import { attempt } from "../../frame/tri";
import type { Value } from "../../frame/value";
import type { ResourceView } from "../../frame/view";
import { takesOwnKeysOnly } from "../../shared/log-buckets";
import { securityHub } from "../../shared/security-hub";
import { keyFault } from "./key";

const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const CONFIGURATIONS = [
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
];

/**
 * A bucket without a configuration encrypts under S3's own keys; the configuration may stand in a
 * resource of its own.
 */
export const kmsS3BucketHasSse = stackPolicy({
  name: "kms-s3-bucket-has-sse",
  description: "Every bucket is encrypted by default under a customer-managed key",
  severity: "high",
  level: "mandatory",
  controls: {
    baseline: ["kms-everywhere"],
    fsbp: ["S3.17"],
    "nist-800-53r5": ["SC-28"],
    checkov: ["CKV_AWS_145"],
    trivy: ["AWS-0132"],
    "cdk-nag": ["R5-S3DefaultEncryptionKMS"],
  },
  remediation: "Add a BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms and kmsMasterKeyId.",
  url: securityHub("S3.17"),
  types: BUCKETS,
  checkStack(stack, report) {
    report.eachResource(stack.ofType(...BUCKETS), (bucket) => {
      const { found, unsure } = stack.companions(bucket, CONFIGURATIONS, "bucket");
      const inline = [
        ...below(bucket.at("serverSideEncryptionConfiguration"), "rule"),
        ...below(bucket.at("serverSideEncryptionConfigurations"), "rules"),
      ];
      const apart = found.flatMap((resource) =>
        resource
          .at("rules")
          .items()
          .map((rule) => ({ rule, resource })),
      );
      const rules = [...inline.map((rule) => ({ rule, resource: bucket })), ...apart];
      const faults = rules.flatMap(({ rule, resource }) => faultOf(defaultOf(rule), resource) ?? []);
      if (faults.length > 0 || rules.length === 0) {
        const isLogs = attempt(() => rules.every(({ rule }) => usesOwnKeys(defaultOf(rule)))) === true;
        const exempt = isLogs ? takesOwnKeysOnly(stack, bucket) : false;
        if (exempt === true) report.notApplicable("AWS writes its logs under S3's own keys alone");
        if (exempt === "unknown") {
          report.undeterminable("the resource", "may be the bucket of a load balancer's logs");
          return;
        }
      }
      if (rules.length === 0 && unsure[0]) report.undeterminable(unsure[0]);
      else if (rules.length === 0) report.violation("no resource of the stack sets its encryption");
      for (const { text, key, resource } of faults) report.decide(true, key, text, { resource });
    });
  },
});

function below(blocks: Value, name: string): Value[] {
  return blocks.items().flatMap((block) => block.at(name).items());
}

/** The default of a rule, under either of the provider's names. */
function defaultOf(rule: Value): Value {
  const single = rule.at("applyServerSideEncryptionByDefault");
  return single.isSet ? single : (rule.at("applyServerSideEncryptionByDefaults").items()[0] ?? single);
}

function usesOwnKeys(setting: Value): boolean {
  return setting.at("sseAlgorithm").text() === "AES256";
}

interface Fault {
  readonly text: string;
  /** The input concerned; with another algorithm, too, it is the key that lacks. */
  readonly key: Value;
  /** The bucket, or the configuration that stands apart. */
  readonly resource: ResourceView;
}

function faultOf(setting: Value, resource: ResourceView): Fault | undefined {
  const algorithm = setting.at("sseAlgorithm");
  const key = setting.at("kmsMasterKeyId");
  const isOther = attempt(() => !/^aws:kms(:dsse)?$/.test(algorithm.text() ?? "")) === true;
  const text = isOther ? `its sseAlgorithm is ${algorithm.show()}` : keyFault(key);
  return text === undefined ? undefined : { text, key, resource };
}
