/** One input that may hold a KMS key, as `scripts/kms-table.ts` finds it in the provider. */
export interface KmsRow {
  readonly type: string;
  /** The path to the key; `[]` marks a list. */
  readonly path: string;
  /** Inputs beside the key that can turn the encryption off or choose another kind of key. */
  readonly switches?: readonly string[];
}

/** Facts on a key that the provider's types lack. */
export interface KmsNote {
  /**
   * Condition under which the key is required, on inputs beside the key. `name` is set and not
   * false, `!name` is not, `name=VALUE` is that; `|` separates alternatives. `never`: the key is
   * checked where given, and may be left out.
   */
  readonly when?: string;
  /**
   * Blocks on the path whose absence leaves data without the key, although their names do not say
   * so.
   */
  readonly required?: readonly string[];
  /**
   * Encryption blocks on the path that are a feature of their own: absent means that there is
   * nothing to encrypt here.
   */
  readonly optional?: readonly string[];
  /** A switch that counts as on when it is left out; with a condition as in `when`. */
  readonly onByDefault?: string;
}

/** By type and path, `TYPE PATH`. Sources: the services' own API references. */
export const KMS_NOTES: Readonly<Record<string, KmsNote>> = {
  "aws:appconfig/configurationProfile:ConfigurationProfile kmsKeyIdentifier": { when: "locationUri=hosted" },
  "aws:athena/workgroup:Workgroup configuration.customerContentEncryptionConfiguration.kmsKey": {
    optional: ["customerContentEncryptionConfiguration"],
  },
  "aws:cognito/userPool:UserPool lambdaConfig.kmsKeyId": { when: "customEmailSender|customSmsSender" },
  "aws:dms/endpoint:Endpoint redshiftSettings.serverSideEncryptionKmsKeyId": { when: "encryptionMode=SSE_KMS" },
  "aws:docdb/clusterInstance:ClusterInstance performanceInsightsKmsKeyId": { when: "enablePerformanceInsights" },
  "aws:ec2/instance:Instance rootBlockDevice.kmsKeyId": { required: ["rootBlockDevice"] },
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest rootBlockDevice.kmsKeyId": { required: ["rootBlockDevice"] },
  "aws:ec2/spotFleetRequest:SpotFleetRequest launchSpecifications[].rootBlockDevices[].kmsKeyId": {
    required: ["rootBlockDevices"],
  },
  "aws:ecs/cluster:Cluster configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId": {
    when: "!kmsKeyId",
  },
  "aws:ecs/cluster:Cluster configuration.managedStorageConfiguration.kmsKeyId": {
    when: "!fargateEphemeralStorageKmsKeyId",
  },
  "aws:elasticache/replicationGroup:ReplicationGroup kmsKeyId": { onByDefault: "engine=valkey" },
  "aws:emr/cluster:Cluster logEncryptionKmsKeyId": { when: "logUri" },
  "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings dataCatalogEncryptionSettings.connectionPasswordEncryption.awsKmsKeyId":
    { when: "returnConnectionPasswordEncrypted" },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream serverSideEncryption.keyArn": {
    optional: ["serverSideEncryption"],
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping kmsKeyArn": { when: "filterCriteria" },
  "aws:lambda/function:Function kmsKeyArn": { when: "environment" },
  "aws:lambda/function:Function sourceKmsKeyArn": { when: "never" },
  "aws:opensearch/serverlessCollection:ServerlessCollection encryptionConfigs[].kmsKeyArn": {
    optional: ["encryptionConfigs"],
  },
  "aws:rds/cluster:Cluster kmsKeyId": { onByDefault: "engineMode=serverless" },
  "aws:rds/cluster:Cluster masterUserSecretKmsKeyId": { when: "manageMasterUserPassword" },
  "aws:rds/cluster:Cluster performanceInsightsKmsKeyId": { when: "performanceInsightsEnabled" },
  "aws:rds/clusterInstance:ClusterInstance performanceInsightsKmsKeyId": { when: "performanceInsightsEnabled" },
  "aws:rds/instance:Instance kmsKeyId": { when: "!replicateSourceDb" },
  "aws:rds/instance:Instance masterUserSecretKmsKeyId": { when: "manageMasterUserPassword" },
  "aws:rds/instance:Instance performanceInsightsKmsKeyId": { when: "performanceInsightsEnabled" },
  "aws:redshift/cluster:Cluster kmsKeyId": { onByDefault: "clusterIdentifier|!clusterIdentifier" },
  "aws:redshift/cluster:Cluster masterPasswordSecretKmsKeyId": { when: "manageMasterPassword" },
  "aws:redshiftserverless/namespace:Namespace adminPasswordSecretKmsKeyId": { when: "manageAdminPassword" },
  // A bucket may have its encryption in a resource of its own: kms-s3-bucket-has-sse looks at the
  // whole stack.
  "aws:s3/bucket:Bucket serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault.kmsMasterKeyId": {
    optional: ["serverSideEncryptionConfiguration"],
  },
  "aws:s3/bucketV2:BucketV2 serverSideEncryptionConfigurations[].rules[].applyServerSideEncryptionByDefaults[].kmsMasterKeyId":
    { optional: ["serverSideEncryptionConfigurations"] },
  "aws:ssm/parameter:Parameter keyId": { when: "type=SecureString" },
};

/** Switches that encrypt by nothing, or not by KMS, when they are left out. */
export const OFF_WHEN_ABSENT: ReadonlySet<string> = new Set([
  "aws:ecr/repository:Repository",
  "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
  "aws:kinesis/stream:Stream",
]);

/**
 * Types that keep data at rest under AWS-owned keys only: no key can be named, and the remedy is
 * another service or an exemption.
 */
export const AWS_OWNED_KEYS_ONLY: Readonly<Record<string, string>> = {
  "aws:dax/cluster:Cluster": "DynamoDB Accelerator takes no key",
  "aws:elasticache/cluster:Cluster": "a cluster outside a replication group has no encryption at rest",
  "aws:lightsail/database:Database": "Lightsail takes no key",
  "aws:lightsail/disk:Disk": "Lightsail takes no key",
  "aws:lightsail/instance:Instance": "Lightsail takes no key",
};
