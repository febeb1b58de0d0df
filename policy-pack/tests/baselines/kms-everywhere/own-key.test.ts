import { kmsCmkRequired } from "../../../src/baselines/kms-everywhere/kms-cmk-required";
import { kmsEncryptionEnabled } from "../../../src/baselines/kms-everywhere/kms-encryption-enabled";
import { trailKms } from "../../../src/baselines/kms-everywhere/trail-kms";
import { cases, UNKNOWN, type Inputs } from "../../support";
import { KEY } from "./shapes";

const AWS_KEY = "arn:aws:kms:ap-northeast-1:111122223333:alias/aws/ebs";
const cmk = (
  type: string,
  passes: Record<string, Inputs>,
  fails: Record<string, Inputs>,
  unknown: Record<string, Inputs> = {},
) => cases(kmsCmkRequired, { type, passes, fails, unknown });

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
    passes: { "a key": { kmsKeyId: KEY }, "a key that is not known": { kmsKeyId: UNKNOWN } },
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
