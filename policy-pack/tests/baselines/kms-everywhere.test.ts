import assert from "node:assert/strict";
import { kmsCmkRequired } from "../../src/baselines/kms-everywhere/kms-cmk-required";
import { kmsEbsDefault } from "../../src/baselines/kms-everywhere/kms-ebs-default";
import { kmsEbsDefaultOn } from "../../src/baselines/kms-everywhere/kms-ebs-default-on";
import { kmsLtEbsEncrypted } from "../../src/baselines/kms-everywhere/kms-lt-ebs-encrypted";
import { kmsEncryptionEnabled } from "../../src/baselines/kms-everywhere/kms-encryption-enabled";
import { kmsKeyDeletionWindow } from "../../src/baselines/kms-everywhere/kms-key-deletion-window";
import { kmsKeyPolicyNoWildcard } from "../../src/baselines/kms-everywhere/kms-key-policy-no-wildcard";
import { kmsKeyRotation } from "../../src/baselines/kms-everywhere/kms-key-rotation";
import { trailKms } from "../../src/baselines/kms-everywhere/trail-kms";
import { kmsS3BucketHasSse } from "../../src/baselines/kms-everywhere/kms-s3-bucket-has-sse";
import { KMS_NOTES, type KmsRow } from "../../src/data/kms-knowledge";
import table from "../../src/data/kms-table.json";
import { installedRows } from "../../scripts/kms-table";
import { remediated } from "../../src/frame/judge";
import { cases, judge, resource, UNKNOWN, violations, type Inputs } from "../support";

const KEY = "arn:aws:kms:ap-northeast-1:111122223333:key/1";
const AWS_KEY = "arn:aws:kms:ap-northeast-1:111122223333:alias/aws/ebs";
const cmk = (
  type: string,
  passes: Record<string, Inputs>,
  fails: Record<string, Inputs>,
  unknown: Record<string, Inputs> = {},
) => cases(kmsCmkRequired, { type, passes, fails, unknown });

describe("KMS everywhere: the table", () => {
  it("is that of the installed provider", () => {
    const lines = (rows: readonly KmsRow[]) => rows.map((row) => JSON.stringify(row));
    assert.deepEqual(
      lines(table as KmsRow[]),
      lines(installedRows()),
      "run npx tsx policy-pack/scripts/kms-table.ts and look at what is new",
    );
  });
  it("holds every input that a note is about", () => {
    const rows = new Set((table as KmsRow[]).map((row) => `${row.type} ${row.path}`));
    assert.deepEqual(
      Object.keys(KMS_NOTES).filter((note) => !rows.has(note)),
      [],
    );
  });
  for (const row of table as KmsRow[]) {
    it(`refuses an AWS-managed key at ${row.type} ${row.path}`, () => {
      const found = violations(judge(kmsCmkRequired, resource(row.type, nested(row.path, "alias/aws/service"))));
      assert.ok(
        found.some((message) => message.includes("is a key that AWS manages")),
        found.join("\n"),
      );
    });
  }
});

/** Inputs with a value at a path of the table. */
function nested(route: string, value: unknown): Inputs {
  const [step = "", ...rest] = route.split(".");
  const below = rest.length === 0 ? value : nested(rest.join("."), value);
  return { [step.replace("[]", "")]: step.endsWith("[]") ? [below] : below };
}

describe("KMS everywhere: one's own key", () => {
  cmk(
    "aws:ebs/volume:Volume",
    {
      "a key, encrypted": { encrypted: true, kmsKeyId: KEY },
      "a key that is not known": { encrypted: true, kmsKeyId: UNKNOWN },
      "one's own alias": { encrypted: true, kmsKeyId: "alias/mine" },
    },
    {
      nothing: {},
      "no key": { encrypted: true },
      "an empty key": { encrypted: true, kmsKeyId: "" },
      "a key of null": { encrypted: true, kmsKeyId: null },
      "AWS's key": { encrypted: true, kmsKeyId: "alias/aws/ebs" },
      "AWS's key by ARN": { encrypted: true, kmsKeyId: AWS_KEY },
      "a key without encryption": { kmsKeyId: KEY },
      "a key with encryption off": { encrypted: false, kmsKeyId: KEY },
      "a key that is not known with encryption off": { encrypted: "false", kmsKeyId: UNKNOWN },
    },
    { "encryption that is not known": { encrypted: UNKNOWN, kmsKeyId: KEY } },
  );
  cases(kmsCmkRequired, {
    type: "aws:ebs/volume:Volume",
    both: { "AWS's key beside encryption that is not known": { encrypted: UNKNOWN, kmsKeyId: "alias/aws/ebs" } },
  });
  cmk(
    "aws:efs/fileSystem:FileSystem",
    { "a key": { encrypted: true, kmsKeyId: " alias/mine " } },
    {
      "AWS's own": { encrypted: true, kmsKeyId: "AWS_OWNED_KMS_KEY" },
      "AWS's own in other letters": { encrypted: true, kmsKeyId: "aws-owned" },
      "a blank": { encrypted: true, kmsKeyId: "  " },
      "AWS's key between blanks": { encrypted: true, kmsKeyId: " alias/aws/elasticfilesystem " },
    },
    { "a key in a text that is not known": { encrypted: true, kmsKeyId: `arn:aws:kms:${UNKNOWN}` } },
  );
  cmk(
    "aws:cognito/userPool:UserPool",
    {
      "no senders": { lambdaConfig: {} },
      "a sender with a key": { lambdaConfig: { customSmsSender: {}, kmsKeyId: KEY } },
    },
    {
      "one kind of sender": { lambdaConfig: { customEmailSender: {} } },
      "the other kind": { lambdaConfig: { customSmsSender: {} } },
    },
    { "a configuration that is not known": { lambdaConfig: UNKNOWN } },
  );
  cmk(
    "aws:ec2/instance:Instance",
    {
      "each device": {
        rootBlockDevice: { encrypted: true, kmsKeyId: KEY },
        ebsBlockDevices: [{ encrypted: true, kmsKeyId: KEY }],
      },
    },
    {
      "no word of the root device": {},
      "another device": {
        rootBlockDevice: { encrypted: true, kmsKeyId: KEY },
        ebsBlockDevices: [{ encrypted: true, kmsKeyId: KEY }, {}],
      },
    },
    {
      "a device that is not known": { rootBlockDevice: { encrypted: true, kmsKeyId: KEY }, ebsBlockDevices: [UNKNOWN] },
      "devices that are not known": { rootBlockDevice: { encrypted: true, kmsKeyId: KEY }, ebsBlockDevices: UNKNOWN },
    },
  );
  cmk(
    "aws:ecr/repository:Repository",
    { "KMS with a key": { encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: KEY }] } },
    {
      nothing: {},
      "KMS without a key": { encryptionConfigurations: [{ encryptionType: "KMS" }] },
      "a key under AES256": { encryptionConfigurations: [{ encryptionType: "AES256", kmsKey: KEY }] },
      "a key under nothing": { encryptionConfigurations: [{ kmsKey: KEY }] },
    },
  );
  cmk(
    "aws:sqs/queue:Queue",
    { "a key": { kmsMasterKeyId: KEY } },
    { "SQS's own keys": { sqsManagedSseEnabled: true }, "AWS's key": { kmsMasterKeyId: "alias/aws/sqs" } },
  );
  cmk(
    "aws:ssm/parameter:Parameter",
    { "a plain text": { type: "String" }, "a secret text under a key": { type: "SecureString", keyId: KEY } },
    { "a secret text": { type: "SecureString" } },
    { "a type that is not known": { type: UNKNOWN } },
  );
  cmk(
    "aws:lambda/function:Function",
    { "no variables": {}, "variables under a key": { environment: { variables: {} }, kmsKeyArn: KEY } },
    { variables: { environment: { variables: { a: "b" } } } },
  );
  cmk(
    "aws:secretsmanager/secret:Secret",
    { "a key": { kmsKeyId: KEY } },
    { "no key": {}, "a replica without": { kmsKeyId: KEY, replicas: [{ region: "us-east-1" }] } },
  );
  cmk(
    "aws:rds/cluster:Cluster",
    {
      "a key": { storageEncrypted: true, kmsKeyId: KEY },
      "the first serverless, always encrypted": { engineMode: "serverless", kmsKeyId: KEY },
      "each feature's key": {
        storageEncrypted: true,
        kmsKeyId: KEY,
        manageMasterUserPassword: true,
        masterUserSecretKmsKeyId: KEY,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: KEY,
      },
      "features that are off": {
        storageEncrypted: true,
        kmsKeyId: KEY,
        manageMasterUserPassword: false,
        performanceInsightsEnabled: false,
      },
    },
    {
      "a key for storage that is not encrypted": { kmsKeyId: KEY },
      "the managed password without": { storageEncrypted: true, kmsKeyId: KEY, manageMasterUserPassword: true },
      "Performance Insights without": { storageEncrypted: true, kmsKeyId: KEY, performanceInsightsEnabled: true },
    },
  );
  cmk(
    "aws:rds/instance:Instance",
    { "a replica, which has its source's key": { replicateSourceDb: "db-1" } },
    { nothing: {} },
  );
  cmk(
    "aws:elasticache/replicationGroup:ReplicationGroup",
    {
      "Valkey's default": { engine: "valkey", kmsKeyId: KEY },
      "Redis, encrypted": { atRestEncryptionEnabled: true, kmsKeyId: KEY },
    },
    { "Redis's default": { engine: "redis", kmsKeyId: KEY } },
  );
  cmk(
    "aws:elasticache/cluster:Cluster",
    { "a member of a group": { replicationGroupId: "g" } },
    { "one by itself": { engine: "memcached" } },
  );
  cmk("aws:dax/cluster:Cluster", {}, { "any: it takes no key": { serverSideEncryption: { enabled: true } } });
  cmk(
    "aws:dynamodb/table:Table",
    { "a key": { serverSideEncryption: { enabled: true, kmsKeyArn: KEY } } },
    {
      nothing: {},
      off: { serverSideEncryption: { enabled: false, kmsKeyArn: KEY } },
      "a replica without": { serverSideEncryption: { enabled: true, kmsKeyArn: KEY }, replicas: [{ regionName: "r" }] },
    },
  );
  cmk(
    "aws:kinesis/stream:Stream",
    { KMS: { encryptionType: "KMS", kmsKeyId: KEY } },
    { "a key alone": { kmsKeyId: KEY }, "a key under NONE": { encryptionType: "NONE", kmsKeyId: KEY } },
  );
  cmk(
    "aws:ecs/cluster:Cluster",
    {
      nothing: {},
      "one of the storage's keys": {
        configuration: { managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: KEY } },
      },
    },
    {
      "sessions without": { configuration: { executeCommandConfiguration: {} } },
      "storage without": { configuration: { managedStorageConfiguration: {} } },
    },
  );
  cmk(
    "aws:mq/broker:Broker",
    { "a key": { encryptionOptions: { useAwsOwnedKey: false, kmsKeyId: KEY } } },
    { "AWS's own": { encryptionOptions: { kmsKeyId: KEY } }, nothing: {} },
  );
  cmk(
    "aws:s3/bucket:Bucket",
    { "no word of it: the stack is judged": {} },
    {
      AES256: {
        serverSideEncryptionConfiguration: { rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } } },
      },
    },
  );
  cmk(
    "aws:sfn/stateMachine:StateMachine",
    { "a key": { encryptionConfiguration: { type: "CUSTOMER_MANAGED_KMS_KEY", kmsKeyId: KEY } } },
    { "AWS's own": { encryptionConfiguration: { type: "AWS_OWNED_KEY", kmsKeyId: KEY } }, nothing: {} },
  );

  cases(trailKms, {
    type: "aws:cloudtrail/trail:Trail",
    passes: { "a key": { kmsKeyId: KEY } },
    fails: { none: {}, "AWS's": { kmsKeyId: "alias/aws/cloudtrail" } },
  });

  cases(kmsEncryptionEnabled, {
    type: "aws:ebs/volume:Volume",
    passes: { on: { encrypted: true } },
    fails: { "its default": {}, off: { encrypted: false } },
    unknown: { "what is not known": { encrypted: UNKNOWN } },
  });
  cases(kmsEncryptionEnabled, {
    type: "aws:ec2/instance:Instance",
    passes: {
      on: { rootBlockDevice: { encrypted: true } },
      "a snapshot's": { rootBlockDevice: { snapshotId: "snap-1" } },
    },
    fails: {
      "its default": {},
      "a second device": { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{}] },
      "a snapshot's, but off": { rootBlockDevice: { snapshotId: "s", encrypted: false } },
    },
  });
  cases(kmsEncryptionEnabled, {
    type: "aws:sqs/queue:Queue",
    passes: { "SQS's own": { sqsManagedSseEnabled: true }, "a key": { kmsMasterKeyId: UNKNOWN } },
    fails: { off: { sqsManagedSseEnabled: false } },
  });
  cases(kmsEncryptionEnabled, {
    type: "aws:sns/topic:Topic",
    passes: { "a key": { kmsMasterKeyId: "alias/aws/sns" } },
    fails: { none: {}, "an empty one": { kmsMasterKeyId: "" } },
  });
  cases(kmsEncryptionEnabled, {
    type: "aws:rds/instance:Instance",
    passes: { "a replica": { replicateSourceDb: "x" }, on: { storageEncrypted: true } },
    fails: { "its default": {} },
  });
  cases(kmsEncryptionEnabled, {
    type: "aws:rds/cluster:Cluster",
    passes: { "the first serverless": { engineMode: "serverless" } },
    fails: { "its default": { engineMode: "provisioned" } },
  });
  cases(kmsEncryptionEnabled, {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    passes: { Valkey: { engine: "valkey" } },
    fails: { Redis: { engine: "redis" }, "Valkey, off": { engine: "valkey", atRestEncryptionEnabled: false } },
  });
  cases(kmsEncryptionEnabled, {
    type: "aws:kinesis/stream:Stream",
    passes: { KMS: { encryptionType: "KMS" } },
    fails: { none: {} },
  });
  cases(kmsEncryptionEnabled, {
    type: "aws:workspaces/workspace:Workspace",
    passes: { both: { rootVolumeEncryptionEnabled: true, userVolumeEncryptionEnabled: true } },
    fails: { "one alone": { rootVolumeEncryptionEnabled: true } },
  });
});

describe("KMS everywhere: buckets", () => {
  const BUCKET = "aws:s3/bucket:Bucket";
  const SSE = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
  const rule = (changes: Inputs = {}): Inputs => ({
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY, ...changes },
  });
  const apart = (changes: Inputs = {}, bucket: unknown = "b") => [
    resource(BUCKET, { bucket: "b" }),
    resource(SSE, { bucket, rules: [rule(changes)] }, "sse"),
  ];
  cases(kmsS3BucketHasSse, {
    passes: {
      "a configuration apart": apart(),
      "dual-layer encryption": apart({ sseAlgorithm: "aws:kms:dsse" }),
      "a key that is not known": apart({ kmsMasterKeyId: UNKNOWN }),
      "a configuration inline": [resource(BUCKET, { serverSideEncryptionConfiguration: { rule: rule() } })],
      "a configuration of the older kind": [
        resource("aws:s3/bucketV2:BucketV2", {
          serverSideEncryptionConfigurations: [
            { rules: [{ applyServerSideEncryptionByDefaults: [{ sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY }] }] },
          ],
        }),
      ],
    },
    fails: {
      none: [resource(BUCKET, { bucket: "b" })],
      "that of another bucket": [...apart(), resource(BUCKET, { bucket: "c" }, "second")],
      AES256: apart({ sseAlgorithm: "AES256" }),
      "KMS without a key": apart({ kmsMasterKeyId: undefined }),
      "AWS's key": apart({ kmsMasterKeyId: "alias/aws/s3" }),
      "no algorithm": apart({ sseAlgorithm: undefined }),
    },
    unknown: { "a configuration of a bucket that is not known": apart({}, UNKNOWN) },
  });
});

describe("KMS everywhere: EBS", () => {
  const DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault";
  const DEFAULT_KEY = "aws:ebs/defaultKmsKey:DefaultKmsKey";
  cases(kmsEbsDefaultOn, {
    type: DEFAULT,
    passes: { "its default": {}, on: { enabled: true } },
    fails: { off: { enabled: false } },
  });
  it("kms-ebs-default-on switches encryption on where asked to", () => {
    const inputs: Inputs = { enabled: false };
    assert.equal(remediated(kmsEbsDefaultOn, inputs, DEFAULT), true);
    assert.deepEqual(inputs, { enabled: true });
    assert.equal(remediated(kmsEbsDefaultOn, inputs, DEFAULT), false);
  });
  cases(kmsEbsDefault, {
    passes: { both: [resource(DEFAULT, {}), resource(DEFAULT_KEY, {}, "key")] },
    fails: { "encryption alone": [resource(DEFAULT, {})], "a key alone": [resource(DEFAULT_KEY, {})] },
  });
  const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
  const device = (ebs: Inputs): Inputs => ({ blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs }] });
  cases(kmsLtEbsEncrypted, {
    type: TEMPLATE,
    passes: {
      "no devices": {},
      "a device without a volume": { blockDeviceMappings: [{ noDevice: "true" }] },
      'the text "true" and a key': device({ encrypted: "true", kmsKeyId: KEY }),
    },
    fails: {
      'the text "false"': device({ encrypted: "false", kmsKeyId: KEY }),
      "no key": device({ encrypted: "true" }),
      "no word of it": device({ kmsKeyId: KEY }),
    },
    unknown: { "what is not known": device({ encrypted: UNKNOWN, kmsKeyId: KEY }) },
    both: {
      "an open device after one that is not known": {
        blockDeviceMappings: [UNKNOWN, { ebs: { encrypted: "false", kmsKeyId: KEY } }],
      },
    },
  });
  it("kms-lt-ebs-encrypted encrypts where asked to", () => {
    const inputs = { blockDeviceMappings: [{ ebs: { encrypted: "false" } }, { noDevice: "true" }] };
    assert.equal(remediated(kmsLtEbsEncrypted, inputs, TEMPLATE), true);
    assert.deepEqual(inputs.blockDeviceMappings[0], { ebs: { encrypted: "true" } });
    assert.equal(remediated(kmsLtEbsEncrypted, inputs, TEMPLATE), false);
  });
});

describe("KMS everywhere: the keys", () => {
  const TYPE = "aws:kms/key:Key";
  cases(kmsKeyRotation, {
    type: TYPE,
    passes: {
      on: { enableKeyRotation: true },
      "an asymmetric key": { customerMasterKeySpec: "RSA_2048" },
      "a key store of one's own": { customKeyStoreId: "cks-1" },
      "half a year": { enableKeyRotation: true, rotationPeriodInDays: 180 },
    },
    fails: {
      "its default": {},
      off: { enableKeyRotation: false },
      "a symmetric key, off": { customerMasterKeySpec: "SYMMETRIC_DEFAULT" },
      "seven years": { enableKeyRotation: true, rotationPeriodInDays: 2560 },
    },
    unknown: { "what is not known": { enableKeyRotation: UNKNOWN } },
  });
  it("kms-key-rotation switches rotation on where asked to", () => {
    const inputs: Inputs = {};
    assert.equal(remediated(kmsKeyRotation, inputs, TYPE), true);
    assert.deepEqual(inputs, { enableKeyRotation: true });
    assert.equal(remediated(kmsKeyRotation, { customerMasterKeySpec: "RSA_2048" }, TYPE), false);
  });
  const policy = (statement: Inputs): Inputs => ({
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*", ...statement }] }),
  });
  cases(kmsKeyPolicyNoWildcard, {
    type: TYPE,
    passes: {
      "its default": {},
      "the account": policy({ Principal: { AWS: "arn:aws:iam::111122223333:root" } }),
      "a service": policy({ Principal: { Service: "logs.amazonaws.com" } }),
      "everybody of the account": policy({
        Principal: { AWS: "*" },
        Condition: { StringEquals: { "kms:CallerAccount": "111122223333" } },
      }),
      "a Deny for everybody": policy({ Effect: "Deny", Principal: "*" }),
    },
    fails: {
      everybody: policy({ Principal: "*" }),
      "everybody among AWS principals": policy({ Principal: { AWS: ["111122223333", "*"] } }),
      "everybody in a list": policy({ Principal: ["111122223333", "*"] }),
      "all but some": policy({ NotPrincipal: { AWS: "111122223333" } }),
      "any account": policy({ Principal: { AWS: "arn:aws:iam::*:root" } }),
      "a condition on the way alone": policy({
        Principal: "*",
        Condition: { StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" } },
      }),
      "a condition with a wildcard": policy({
        Principal: "*",
        Condition: { StringLike: { "kms:CallerAccount": "*" } },
      }),
    },
    unknown: {
      "a policy that is not known": { policy: UNKNOWN },
      "principals that are not known": policy({ Principal: { AWS: UNKNOWN } }),
    },
  });
  cases(kmsKeyDeletionWindow, {
    type: TYPE,
    passes: { "its default": {}, "the shortest": { deletionWindowInDays: 7 } },
    fails: {
      "too short": { deletionWindowInDays: 3 },
      "switched off": { isEnabled: false },
      "no safety check": { bypassPolicyLockoutSafetyCheck: true },
    },
    unknown: { "what is not known": { deletionWindowInDays: UNKNOWN } },
  });
  cases(kmsKeyDeletionWindow, {
    type: TYPE,
    config: { days: 30 },
    passes: { "a month": { deletionWindowInDays: 30 } },
    fails: { "less than a month": { deletionWindowInDays: 29 } },
  });
});
