import { protectStateful, regionAllowList } from "../../src/controls/stack";
import { resourceCases } from "./cases";

for (const [type, compliant, change] of [
  ["aws:s3/bucket:Bucket", { bucket: "b" }, { forceDestroy: true }],
  ["aws:rds/cluster:Cluster", { deletionProtection: true }, { deletionProtection: false }],
  ["aws:rds/instance:Instance", { deletionProtection: true }, { deletionProtection: undefined }],
  ["aws:dynamodb/table:Table", { deletionProtectionEnabled: true }, { deletionProtectionEnabled: false }],
  ["aws:cognito/userPool:UserPool", { deletionProtection: "ACTIVE" }, { deletionProtection: "INACTIVE" }],
  ["aws:kms/key:Key", { deletionWindowInDays: 30 }, { deletionWindowInDays: 1 }],
] as const) {
  resourceCases(protectStateful, { type, compliant, violations: { "no protection": change } });
}

resourceCases(regionAllowList, {
  config: { regions: ["ap-northeast-1"] },
  compliant: { bucket: "b", region: "ap-northeast-1" },
  violations: { "another region": { region: "us-east-1" } },
  accepted: { "the provider's region, which is not known here": { region: undefined } },
});

resourceCases(regionAllowList, {
  type: "pulumi:providers:aws",
  config: { regions: ["ap-northeast-1"] },
  compliant: { region: "ap-northeast-1" },
  violations: { "another region": { region: "us-east-1" } },
});
