import {
  s3AccessLogging,
  s3AclDisabled,
  s3AclNoPublicPermissions,
  s3AclNoPublicRead,
  s3AclNoPublicWrite,
  s3Lifecycle,
  s3LifecycleAbortUploads,
  s3NoAnyPrincipal,
  s3PublicAccessBlock,
  s3PublicAccessBlockFlags,
  s3TlsOnly,
  s3Versioning,
} from "../../src/controls/s3";
import { type Changes, resourceCases, stackCases } from "./cases";
import { document } from "./documents";

const bucket = { type: "aws:s3/bucket:Bucket", bucket: "data" };
stackCases(s3AccessLogging, {
  compliant: {
    bucket,
    logs: { type: "aws:s3/bucket:Bucket", bucket: "logs" },
    logging: {
      type: "aws:s3/bucketLogging:BucketLogging",
      bucket: "data",
      targetBucket: "logs",
      targetPrefix: "data/",
    },
  },
  violations: { "no logging": { logging: undefined }, "another bucket's logging": { "logging:bucket": "other" } },
  accepted: { "logging in the bucket itself": { logging: undefined, "bucket:logging": { targetBucket: "logs" } } },
});

resourceCases(s3AclDisabled, {
  compliant: { bucket: "data", rule: { objectOwnership: "BucketOwnerEnforced" } },
  violations: {
    "ACLs that count": { "rule.objectOwnership": "BucketOwnerPreferred" },
    "the writer's ownership": { "rule.objectOwnership": "ObjectWriter" },
  },
});

const allUsers = { type: "Group", uri: "http://acs.amazonaws.com/groups/global/AllUsers" };
const anyAccount = { type: "Group", uri: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers" };
const grants = (grantee: object, permission: string): object => ({
  grants: [{ grantee, permission }],
  owner: { id: "me" },
});
resourceCases(s3AclNoPublicPermissions, {
  type: "aws:s3/bucketAcl:BucketAcl",
  compliant: { bucket: "data", accessControlPolicy: grants({ type: "CanonicalUser", id: "75aa" }, "FULL_CONTROL") },
  violations: {
    "reading the list": { accessControlPolicy: grants(anyAccount, "READ_ACP") },
    "changing the list": { accessControlPolicy: grants(allUsers, "WRITE_ACP") },
    everything: { accessControlPolicy: grants(allUsers, "FULL_CONTROL") },
  },
  accepted: {
    "reading objects, which is another policy's business": { accessControlPolicy: grants(allUsers, "READ") },
  },
});

const FLAGS = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const block = { type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", bucket: "data", ...FLAGS };
const acl = { type: "aws:s3/bucketAcl:BucketAcl", bucket: "data", acl: "private" };
stackCases(s3AclNoPublicRead, {
  compliant: { bucket, acl },
  violations: {
    "a canned ACL": { "acl:acl": "public-read" },
    "a canned ACL for writing too": { "acl:acl": "public-read-write" },
    "every account's users": { "acl:acl": "authenticated-read" },
    "a grant": { "acl:acl": undefined, "acl:accessControlPolicy": grants(allUsers, "READ") },
    "a grant of everything": { "acl:acl": undefined, "acl:accessControlPolicy": grants(anyAccount, "FULL_CONTROL") },
    "a canned ACL on the bucket": { acl: undefined, "bucket:acl": "public-read" },
    "a grant on the bucket": {
      acl: undefined,
      "bucket:grants": [{ type: "Group", uri: allUsers.uri, permissions: ["READ"] }],
    },
  },
  accepted: {
    "an ACL that the block ignores": { "acl:acl": "public-read", block },
    "a grant to the log service": {
      "acl:accessControlPolicy": grants(
        { type: "Group", uri: "http://acs.amazonaws.com/groups/s3/LogDelivery" },
        "READ",
      ),
    },
    "a grant to one person": { "acl:accessControlPolicy": grants({ type: "CanonicalUser", id: "75aa" }, "READ") },
  },
});

stackCases(s3AclNoPublicWrite, {
  compliant: { bucket, acl },
  violations: {
    "a canned ACL": { "acl:acl": "public-read-write" },
    "a grant": { "acl:acl": undefined, "acl:accessControlPolicy": grants(allUsers, "WRITE") },
  },
  accepted: { "an ACL for reading only": { "acl:acl": "public-read" } },
});

stackCases(s3Lifecycle, {
  compliant: {
    bucket,
    rules: {
      type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      bucket: "data",
      rules: [{ id: "a", status: "Enabled" }],
    },
  },
  violations: { "no lifecycle": { rules: undefined }, "another bucket's lifecycle": { "rules:bucket": "other" } },
  accepted: { "rules in the bucket itself": { rules: undefined, "bucket:lifecycleRules": [{ enabled: true }] } },
  presence: ["rules"],
});

const uploads = { id: "uploads", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };
resourceCases(s3LifecycleAbortUploads, {
  compliant: { bucket: "data", rules: [uploads] },
  violations: {
    "no such rule": { rules: [{ id: "a", status: "Enabled", expiration: { days: 9 } }] },
    "a rule that is off": { "rules[0].status": "Disabled" },
    "a rule for one folder": { "rules[0].filter": { prefix: "tmp/" } },
    "a rule for one tag": { "rules[0].filter": { tag: { key: "a", value: "b" } } },
    "a rule for a folder and a tag": { "rules[0].filter": { and: { prefix: "tmp/" } } },
    "no rules": { rules: [] },
  },
  accepted: {
    "an empty filter": { "rules[0].filter": {} },
    "an empty prefix": { "rules[0].filter": { prefix: "" } },
    "one rule of several": { rules: [{ id: "a", status: "Enabled" }, uploads] },
  },
});

const statement = (more: object): object => ({
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:role/app" },
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::data/*",
  ...more,
});
resourceCases(s3NoAnyPrincipal, {
  type: "aws:s3/bucketPolicy:BucketPolicy",
  compliant: { bucket: "data", policy: document(statement({})) },
  violations: {
    everyone: { policy: document(statement({ Principal: "*" })) },
    "every account": { policy: document(statement({ Principal: { AWS: ["*"] } })) },
    "everyone beside somebody": { policy: document(statement({}), statement({ Principal: "*" })) },
    "everyone but somebody": {
      policy: document(statement({ Principal: undefined, NotPrincipal: { AWS: "111122223333" } })),
    },
    "a role of that name in any account": {
      policy: document(statement({ Principal: { AWS: "arn:aws:iam::*:role/app" } })),
    },
    "a condition that also holds without its key": {
      policy: document(
        statement({ Principal: "*", Condition: { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } } }),
      ),
    },
    "a condition on all values of none": {
      policy: document(
        statement({ Principal: "*", Condition: { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-1" } } }),
      ),
    },
    "a condition that keeps out one": {
      policy: document(
        statement({
          Principal: "*",
          Condition: { ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/a" } },
        }),
      ),
    },
    "a condition that matches any": {
      policy: document(statement({ Principal: "*", Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*" } } })),
    },
    "the whole internet as a source": {
      policy: document(statement({ Principal: "*", Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } })),
    },
    "a condition on something else": {
      policy: document(statement({ Principal: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } })),
    },
  },
  accepted: {
    "a denial": { policy: document(statement({ Effect: "Deny", Principal: "*" })) },
    "an endpoint": {
      policy: document(statement({ Principal: "*", Condition: { StringEquals: { "aws:sourceVpce": "vpce-1" } } })),
    },
    "an organization": {
      policy: document(statement({ Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } })),
    },
    "a source in one account": {
      policy: document(
        statement({
          Principal: "*",
          Condition: { ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*" } },
        }),
      ),
    },
    "a service": { policy: document(statement({ Principal: { Service: "cloudtrail.amazonaws.com" } })) },
    "an object instead of text": { policy: { Version: "2012-10-17", Statement: statement({}) } },
  },
});

stackCases(s3PublicAccessBlock, {
  compliant: { bucket, block },
  violations: {
    "a bucket without a block": { block: undefined },
    "another bucket's block": { "block:bucket": "other" },
    "a block that lets policies open it": { "block:blockPublicPolicy": false },
    "a block that says nothing of ACLs": { "block:blockPublicAcls": undefined },
  },
  accepted: {
    "a reference by the engine's record": { "block:bucket": "known-later", "block:dependsOn": { bucket: ["bucket"] } },
  },
});

resourceCases(s3PublicAccessBlockFlags, {
  compliant: { bucket: "data", ...FLAGS },
  violations: Object.fromEntries<Changes>(
    Object.keys(FLAGS).flatMap((flag): [string, Changes][] => [
      [`${flag} off`, { [flag]: false }],
      [`${flag} left out`, { [flag]: undefined }],
    ]),
  ),
  accepted: { "flags as text": { blockPublicAcls: "true" } },
});

const denyPlain = (more: object = {}): object =>
  statement({
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: "*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
    ...more,
  });
stackCases(s3TlsOnly, {
  compliant: {
    bucket,
    policy: { type: "aws:s3/bucketPolicy:BucketPolicy", bucket: "data", policy: document(statement({}), denyPlain()) },
  },
  violations: {
    "no policy": { policy: undefined },
    "a policy without the denial": { "policy:policy": document(statement({})) },
    "a denial to somebody": {
      "policy:policy": document(denyPlain({ Principal: { AWS: "arn:aws:iam::111122223333:role/app" } })),
    },
    "a denial that a second condition narrows": {
      "policy:policy": document(
        denyPlain({
          Condition: { Bool: { "aws:SecureTransport": "false" }, StringEquals: { "aws:PrincipalOrgID": "o-1" } },
        }),
      ),
    },
    "a denial of TLS": {
      "policy:policy": document(denyPlain({ Condition: { Bool: { "aws:SecureTransport": "true" } } })),
    },
    "a denial of another action": { "policy:policy": document(denyPlain({ Action: "s3:PutBucketPolicy" })) },
    "another bucket's policy": { "policy:bucket": "other" },
  },
  accepted: {
    "everyone as AWS": { "policy:policy": document(denyPlain({ Principal: { AWS: "*" } })) },
    "a policy in the bucket itself": { policy: undefined, "bucket:policy": document(denyPlain()) },
  },
});

stackCases(s3Versioning, {
  compliant: {
    bucket,
    versioning: {
      type: "aws:s3/bucketVersioning:BucketVersioning",
      bucket: "data",
      versioningConfiguration: { status: "Enabled" },
    },
  },
  violations: {
    "no versioning": { versioning: undefined },
    "versioning that is suspended": { "versioning:versioningConfiguration.status": "Suspended" },
    "another bucket's versioning": { "versioning:bucket": "other" },
  },
  accepted: { "versioning in the bucket itself": { versioning: undefined, "bucket:versioning": { enabled: true } } },
});
