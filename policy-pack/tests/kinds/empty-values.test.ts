import { netEipInUse } from "../../src/baselines/vpc-endpoints-only/net-eip-in-use";
import { kmsEncryptionEnabled } from "../../src/baselines/kms-everywhere/kms-encryption-enabled";
import { kmsS3BucketHasSse } from "../../src/baselines/kms-everywhere/kms-s3-bucket-has-sse";
import { ec2AsgLaunchTemplate, ec2InstanceProfile } from "../../src/controls/ec2";
import { kmsKeyPolicyDefined } from "../../src/controls/kms";
import { lambdaDlq, lambdaNotPublic } from "../../src/controls/lambda";
import { logGroupRetention } from "../../src/controls/logs";
import { sqsDlq } from "../../src/controls/messaging";
import { rdsBackupRetention, rdsManagedPassword, rdsMultiAz } from "../../src/controls/rds";
import { s3AccessLogging, s3Lifecycle } from "../../src/controls/s3";
import { trailCloudwatch } from "../../src/controls/trail";
import { cases } from "../support";

// The provider writes "none" as an empty text, list or block: none of them is a setting.
describe("an empty value", () => {
  cases(sqsDlq, { type: "aws:sqs/queue:Queue", fails: { "an empty text": { redrivePolicy: "" } } });
  cases(sqsDlq, { type: "aws:sqs/queue:Queue", fails: { "an empty allow policy": { redriveAllowPolicy: "" } } });
  cases(netEipInUse, {
    type: "aws:ec2/eip:Eip",
    fails: { "empty texts": { instance: "", networkInterface: "" }, null: { instance: null, networkInterface: null } },
    passes: { "an instance": { instance: "i-1", networkInterface: "" } },
  });
  cases(s3AccessLogging, {
    type: "aws:s3/bucket:Bucket",
    fails: { "an empty block": { logging: {} }, "an empty list": { loggings: [], logging: [] } },
    passes: { "a target": { logging: { targetBucket: "logs" } } },
  });
  cases(s3Lifecycle, { type: "aws:s3/bucket:Bucket", fails: { "an empty list": { lifecycleRules: [] } } });
  cases(lambdaDlq, {
    type: "aws:lambda/function:Function",
    fails: {
      "an empty block": { deadLetterConfig: {} },
      "an empty target": { deadLetterConfig: { targetArn: "" } },
    },
    passes: { "a target": { deadLetterConfig: { targetArn: "arn:aws:sqs:eu-west-1:111122223333:dlq" } } },
  });
  cases(ec2AsgLaunchTemplate, {
    type: "aws:autoscaling/group:Group",
    fails: { "empty blocks": { launchTemplate: {}, mixedInstancesPolicy: {} } },
    passes: { "one of them": { launchTemplate: { id: "lt-1" }, mixedInstancesPolicy: {} } },
  });
  cases(ec2InstanceProfile, {
    type: "aws:ec2/instance:Instance",
    fails: { "an empty text beside an empty block": { iamInstanceProfile: "", launchTemplate: {} } },
  });
  cases(kmsKeyPolicyDefined, { type: "aws:kms/key:Key", fails: { "an empty text": { policy: "" } } });
  cases(trailCloudwatch, {
    type: "aws:cloudtrail/trail:Trail",
    fails: { "an empty text": { cloudWatchLogsGroupArn: "" } },
  });
  cases(logGroupRetention, {
    type: "aws:cloudwatch/logGroup:LogGroup",
    fails: { null: { retentionInDays: null } },
    passes: { "zero, which is for ever and said": { retentionInDays: 0 } },
  });
  cases(rdsBackupRetention, {
    type: "aws:rds/instance:Instance",
    fails: { "no source beside one day": { replicateSourceDb: "", backupRetentionPeriod: 1 } },
  });
  cases(rdsMultiAz, { type: "aws:rds/instance:Instance", fails: { "an empty source": { replicateSourceDb: "" } } });
  cases(rdsManagedPassword, {
    type: "aws:rds/instance:Instance",
    fails: { "empty sources": { replicateSourceDb: "", snapshotIdentifier: "", restoreToPointInTime: {} } },
    passes: { "an empty password": { manageMasterUserPassword: true, password: "" } },
  });
  cases(kmsEncryptionEnabled, {
    type: "aws:rds/instance:Instance",
    fails: { "an empty source": { replicateSourceDb: "", storageEncrypted: false } },
  });
  cases(kmsS3BucketHasSse, {
    type: "aws:s3/bucket:Bucket",
    fails: { "an empty block": { serverSideEncryptionConfiguration: {} } },
  });
  cases(lambdaNotPublic, {
    type: "aws:lambda/permission:Permission",
    fails: {
      "empty sources": { principal: "s3.amazonaws.com", sourceArn: "", sourceAccount: "" },
      "an empty organization": { principal: "*", principalOrgId: "" },
    },
  });
});
