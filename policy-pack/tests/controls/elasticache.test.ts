import {
  elasticacheAuth,
  elasticacheBackup,
  elasticacheFailover,
  elasticacheTransit,
} from "../../src/controls/elasticache";
import { resourceCases } from "./cases";

resourceCases(elasticacheAuth, {
  compliant: { authToken: "a-token-of-16-characters", description: "cache" },
  violations: {
    none: { authToken: undefined },
    "an empty one": { authToken: "" },
    "no groups": { authToken: undefined, userGroupIds: [] },
  },
  accepted: { "user groups": { authToken: undefined, userGroupIds: ["people"] } },
  presence: ["authToken", "userGroupIds"],
});

resourceCases(elasticacheAuth, {
  type: "aws:elasticache/user:User",
  compliant: { authenticationMode: { type: "iam" }, noPasswordRequired: false },
  violations: {
    "no password": { noPasswordRequired: true },
    "the mode without a password": { "authenticationMode.type": "no-password-required" },
  },
});

resourceCases(elasticacheBackup, {
  compliant: { snapshotRetentionLimit: 1, engine: "valkey", description: "cache" },
  violations: { none: { snapshotRetentionLimit: 0 }, "left out": { snapshotRetentionLimit: undefined } },
});

resourceCases(elasticacheBackup, {
  type: "aws:elasticache/cluster:Cluster",
  compliant: { snapshotRetentionLimit: 7, engine: "redis" },
  violations: { none: { snapshotRetentionLimit: 0 } },
  accepted: {
    "a store that has none": { engine: "memcached", snapshotRetentionLimit: undefined },
    "a member of a group": { replicationGroupId: "main", snapshotRetentionLimit: undefined },
  },
});

resourceCases(elasticacheFailover, {
  compliant: { automaticFailoverEnabled: true, description: "cache" },
  violations: { off: { automaticFailoverEnabled: false }, "left out": { automaticFailoverEnabled: undefined } },
});

resourceCases(elasticacheTransit, {
  compliant: { transitEncryptionEnabled: true, transitEncryptionMode: "required", description: "cache" },
  violations: {
    off: { transitEncryptionEnabled: false },
    "left out": { transitEncryptionEnabled: undefined },
    "plain connections beside it": { transitEncryptionMode: "preferred" },
  },
  accepted: { "AWS's default mode": { transitEncryptionMode: undefined } },
});

resourceCases(elasticacheTransit, {
  type: "aws:elasticache/cluster:Cluster",
  compliant: { transitEncryptionEnabled: true },
  violations: { off: { transitEncryptionEnabled: false } },
  accepted: { "a member of a group": { replicationGroupId: "main", transitEncryptionEnabled: undefined } },
});
