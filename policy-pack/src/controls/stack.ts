import { resourcePolicy } from "../frame/policy";
import type { ResourceView } from "../frame/view";
import { effective } from "../shared/effective";

/**
 * What keeps data that exists nowhere else, and the inputs that keep it from being deleted with one
 * command.
 */
const DELETION_GUARDS: Readonly<Record<string, (resource: ResourceView) => boolean>> = {
  "aws:s3/bucket:Bucket": (bucket) => bucket.at("forceDestroy").flag() !== true,
  "aws:s3/bucketV2:BucketV2": (bucket) => bucket.at("forceDestroy").flag() !== true,
  "aws:rds/cluster:Cluster": (cluster) => cluster.at("deletionProtection").flag() === true,
  "aws:rds/instance:Instance": (instance) => instance.at("deletionProtection").flag() === true,
  "aws:dynamodb/table:Table": (table) => table.at("deletionProtectionEnabled").flag() === true,
  "aws:cognito/userPool:UserPool": (pool) => pool.at("deletionProtection").text() === "ACTIVE",
  "aws:cloudwatch/logGroup:LogGroup": (group) => group.at("deletionProtectionEnabled").flag() !== false,
  "aws:kms/key:Key": (key) => (effective(key, "deletionWindowInDays").number() ?? 0) >= 7,
};

/** A destroy, or a rename that replaces, deletes the data unless the resource is protected. */
export const protectStateful = resourcePolicy({
  name: "protect-stateful",
  description: "Resources that keep data are protected from deletion",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["CP-10"], fsbp: ["DynamoDB.6"] },
  remediation: "Set the resource's deletion protection, leave forceDestroy out, or set the option protect.",
  url: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
  types: Object.keys(DELETION_GUARDS),
  check(resource, report) {
    if (resource.isProtected) return;
    report.guard(() => {
      if (DELETION_GUARDS[resource.type]?.(resource) === false)
        report.violation("nothing protects the resource and its data from deletion");
    });
  },
});

/** Data in another region falls under other laws, and intruders use regions that nobody watches. */
export const regionAllowList = resourcePolicy({
  name: "region-allow-list",
  description: "Resources are made only in the regions that the company has chosen",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SC-7", "SA-9(5)"] },
  remediation: "Make the resource in one of the regions that this policy's setting regions names.",
  url: "https://docs.aws.amazon.com/controltower/latest/controlreference/primary-region-deny-policy.html",
  types: "*",
  config: {
    regions: {
      type: "array",
      items: { type: "string" },
      description: "The regions that are accepted; none means all",
      default: [],
    },
  },
  check(resource, report, config) {
    const regions = config
      .at("regions")
      .items()
      .map((region) => region.text());
    if (regions.length === 0) report.notApplicable("no list of regions is configured");
    const places =
      resource.type === "pulumi:providers:aws" || resource.at("region").isSet
        ? [resource.at("region")]
        : [resource.provider.at("region")];
    for (const place of places) report.expect(place, () => place.isAbsent || regions.includes(place.text()));
  },
});
