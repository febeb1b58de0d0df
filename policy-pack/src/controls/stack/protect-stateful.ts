import { resourcePolicy } from "../../frame/policy";
import type { ResourceView } from "../../frame/view";

/** What keeps data that exists nowhere else, and the inputs that keep it from being deleted with one command. */
const GUARDS: Readonly<Record<string, (resource: ResourceView) => boolean>> = {
  "aws:s3/bucket:Bucket": (bucket) => bucket.at("forceDestroy").flag() !== true,
  "aws:s3/bucketV2:BucketV2": (bucket) => bucket.at("forceDestroy").flag() !== true,
  "aws:rds/cluster:Cluster": (cluster) => cluster.at("deletionProtection").flag() === true,
  "aws:rds/instance:Instance": (instance) => instance.at("deletionProtection").flag() === true,
  "aws:dynamodb/table:Table": (table) => table.at("deletionProtectionEnabled").flag() === true,
  "aws:cognito/userPool:UserPool": (pool) => pool.at("deletionProtection").text() === "ACTIVE",
  "aws:cloudwatch/logGroup:LogGroup": (group) => group.at("deletionProtectionEnabled").flag() !== false,
  "aws:kms/key:Key": (key) => (key.at("deletionWindowInDays").number() ?? 30) >= 7,
};

/** A destroy, or a rename that replaces, takes the data along unless something says no. */
export const protectStateful = resourcePolicy({
  name: "protect-stateful",
  description: "What keeps data cannot be deleted by one command",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["CP-10"], fsbp: ["DynamoDB.6"] },
  remediation: "Set the resource's deletion protection, leave forceDestroy out, or set the option protect.",
  url: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
  types: Object.keys(GUARDS),
  check(resource, report) {
    if (resource.isProtected) return;
    report.guard(() => {
      if (GUARDS[resource.type]?.(resource) === false)
        report.violation("nothing protects the resource and its data from deletion");
    });
  },
});
