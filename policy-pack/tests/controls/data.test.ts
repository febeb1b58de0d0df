import { elasticacheAuth } from "../../src/controls/elasticache/elasticache-auth";
import { elasticacheBackup } from "../../src/controls/elasticache/elasticache-backup";
import { elasticacheFailover } from "../../src/controls/elasticache/elasticache-failover";
import { elasticacheTransit } from "../../src/controls/elasticache/elasticache-transit";
import { rdsBackup } from "../../src/controls/rds/rds-backup";
import { rdsBackupRetention } from "../../src/controls/rds/rds-backup-retention";
import { rdsClusterMultiAz } from "../../src/controls/rds/rds-cluster-multi-az";
import { rdsCopyTags } from "../../src/controls/rds/rds-copy-tags";
import { rdsDeletionProtection } from "../../src/controls/rds/rds-deletion-protection";
import { rdsEnhancedMonitoring } from "../../src/controls/rds/rds-enhanced-monitoring";
import { rdsIamAuth } from "../../src/controls/rds/rds-iam-auth";
import { rdsLogging } from "../../src/controls/rds/rds-logging";
import { rdsManagedPassword } from "../../src/controls/rds/rds-managed-password";
import { rdsMinorUpgrade } from "../../src/controls/rds/rds-minor-upgrade";
import { rdsMultiAz } from "../../src/controls/rds/rds-multi-az";
import { rdsTls } from "../../src/controls/rds/rds-tls";
import { secretNoPlaintext } from "../../src/controls/secrets/secret-no-plaintext";
import { secretPolicyNotPublic } from "../../src/controls/secrets/secret-policy-not-public";
import { secretRotation } from "../../src/controls/secrets/secret-rotation";
import { secretRotationInterval } from "../../src/controls/secrets/secret-rotation-interval";
import { UNKNOWN } from "../../src/frame/wire";
import { resourceCases, stackCases } from "./cases";

const INSTANCE = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";

for (const type of [INSTANCE, CLUSTER]) {
  resourceCases(rdsBackup, {
    type,
    compliant: { backupRetentionPeriod: 7 },
    violations: {
      "no backups": { backupRetentionPeriod: 0 },
      "longer than AWS keeps them": { backupRetentionPeriod: 36 },
    },
    accepted: { "the longest": { backupRetentionPeriod: 35 }, "AWS's default": { backupRetentionPeriod: undefined } },
  });
  resourceCases(rdsBackupRetention, {
    type,
    compliant: { backupRetentionPeriod: 7 },
    violations: {
      "six days": { backupRetentionPeriod: 6 },
      "AWS's default of a day": { backupRetentionPeriod: undefined },
    },
    accepted: { "five weeks": { backupRetentionPeriod: 35 } },
  });
  resourceCases(rdsDeletionProtection, {
    type,
    compliant: { deletionProtection: true },
    violations: { off: { deletionProtection: false }, "left out": { deletionProtection: undefined } },
  });
  resourceCases(rdsIamAuth, {
    type,
    compliant: { engine: "postgres", iamDatabaseAuthenticationEnabled: true },
    violations: {
      off: { iamDatabaseAuthenticationEnabled: false },
      "left out on Aurora": { iamDatabaseAuthenticationEnabled: undefined, engine: "aurora-postgresql" },
    },
    accepted: {
      "an engine that does not know it": { engine: "oracle-ee", iamDatabaseAuthenticationEnabled: undefined },
    },
  });
  resourceCases(rdsLogging, {
    type,
    compliant: { enabledCloudwatchLogsExports: ["postgresql"] },
    violations: { none: { enabledCloudwatchLogsExports: [] }, "left out": { enabledCloudwatchLogsExports: undefined } },
  });
  resourceCases(rdsCopyTags, {
    type,
    compliant: { engine: "postgres", copyTagsToSnapshot: true },
    violations: { off: { copyTagsToSnapshot: false }, "left out": { copyTagsToSnapshot: undefined } },
  });
}

resourceCases(rdsBackupRetention, {
  config: { minDays: 30 },
  compliant: { backupRetentionPeriod: 30 },
  violations: { "fewer days than the company asks": { backupRetentionPeriod: 29 } },
});

resourceCases(rdsManagedPassword, {
  compliant: { manageMasterUserPassword: true, username: "admin" },
  violations: {
    "a password beside it": { password: "hunter2" },
    "a password instead": { password: "hunter2", manageMasterUserPassword: undefined },
    "a password that is written only": { passwordWo: "hunter2", passwordWoVersion: 1 },
    "none at all": { manageMasterUserPassword: undefined },
  },
  accepted: { "a replica": { manageMasterUserPassword: undefined, replicateSourceDb: "main" } },
  presence: ["password", "passwordWo"],
});
resourceCases(rdsManagedPassword, {
  type: CLUSTER,
  compliant: { manageMasterUserPassword: true },
  violations: { "a password": { masterPassword: "hunter2" } },
});

resourceCases(rdsMinorUpgrade, {
  compliant: { autoMinorVersionUpgrade: true },
  violations: { off: { autoMinorVersionUpgrade: false }, "left out": { autoMinorVersionUpgrade: undefined } },
});
resourceCases(rdsMultiAz, {
  compliant: { multiAz: true },
  violations: { off: { multiAz: false }, "left out": { multiAz: undefined } },
  accepted: { "a replica": { multiAz: undefined, replicateSourceDb: "main" } },
});
resourceCases(rdsEnhancedMonitoring, {
  compliant: { monitoringInterval: 60 },
  violations: { off: { monitoringInterval: 0 }, "left out": { monitoringInterval: undefined } },
});

const member = { type: "aws:rds/clusterInstance:ClusterInstance", clusterIdentifier: "db" };
stackCases(rdsClusterMultiAz, {
  compliant: { cluster: { type: CLUSTER, clusterIdentifier: "db" }, one: member, two: member },
  violations: {
    "one instance": { two: undefined },
    "another cluster's instance": { "two:clusterIdentifier": "other" },
  },
  accepted: {
    "a Multi-AZ cluster": { one: undefined, two: undefined, "cluster:dbClusterInstanceClass": "db.m6gd.large" },
  },
});

const tlsCases = (family: string, name: string, on: string, off: string): void =>
  stackCases(rdsTls, {
    compliant: {
      database: { type: INSTANCE, parameterGroupName: "tls" },
      group: {
        type: "aws:rds/parameterGroup:ParameterGroup",
        name: "tls",
        family,
        parameters: [
          { name: "other", value: "1" },
          { name, value: on },
        ],
      },
    },
    violations: {
      "a parameter that is off": { "group:parameters": [{ name, value: off }] },
      "a parameter left out": { "group:parameters": undefined },
    },
    accepted: {
      "a group that the database does not use": {
        "group:parameters": undefined,
        "database:parameterGroupName": "other",
      },
    },
  });
tlsCases("postgres17", "rds.force_ssl", "1", "0");
tlsCases("aurora-postgresql17", "rds.force_ssl", "1", "0");
tlsCases("mysql8.4", "require_secure_transport", "ON", "OFF");
tlsCases("db2-ae-11.5", "db2comm", "SSL", "TCPIP");

stackCases(rdsTls, {
  compliant: {
    cluster: { type: CLUSTER, dbClusterParameterGroupName: "tls" },
    group: {
      type: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
      name: "tls",
      family: "aurora-postgresql17",
      parameters: [{ name: "rds.force_ssl", value: "1" }],
    },
  },
  violations: { "a parameter that is off": { "group:parameters[0].value": "0" } },
  accepted: { "an engine without such a parameter": { "group:family": "oracle-ee-19", "group:parameters": [] } },
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

resourceCases(elasticacheFailover, {
  compliant: { automaticFailoverEnabled: true, description: "cache" },
  violations: { off: { automaticFailoverEnabled: false }, "left out": { automaticFailoverEnabled: undefined } },
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

stackCases(secretRotation, {
  compliant: {
    secret: { type: "aws:secretsmanager/secret:Secret", name: "key" },
    rotation: {
      type: "aws:secretsmanager/secretRotation:SecretRotation",
      secretId: "key",
      rotationRules: { automaticallyAfterDays: 30 },
    },
  },
  violations: {
    "nothing that rotates it": { rotation: undefined },
    "another secret's rotation": { "rotation:secretId": "other" },
  },
});

resourceCases(secretRotationInterval, {
  compliant: { secretId: "key", rotationRules: { automaticallyAfterDays: 30 } },
  violations: {
    "longer than a quarter": { "rotationRules.automaticallyAfterDays": 91 },
    "no number": { "rotationRules.automaticallyAfterDays": "soon" },
    "a slow rate": { rotationRules: { scheduleExpression: "rate(180 days)" } },
    "once a year": { rotationRules: { scheduleExpression: "cron(0 8 1 1 ? *)" } },
    "in one year only": { rotationRules: { scheduleExpression: "cron(0 8 1 * ? 2027)" } },
    "every half year": { rotationRules: { scheduleExpression: "cron(0 8 1 1/6 ? *)" } },
    "a schedule that is none": { rotationRules: { scheduleExpression: "sometimes" } },
  },
  accepted: {
    "a quarter": { "rotationRules.automaticallyAfterDays": 90 },
    hours: { rotationRules: { scheduleExpression: "rate(4 hours)" } },
    "each month": { rotationRules: { scheduleExpression: "cron(0 16 1,15 * ? *)" } },
    "each second month": { rotationRules: { scheduleExpression: "cron(0 8 1 1/2 ? *)" } },
  },
});

const KEY_ID = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
resourceCases(secretNoPlaintext, {
  compliant: {
    environment: {
      variables: {
        REGION: "us-east-1",
        MASTER_KEY_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a",
        MAX_TOKENS: "4096",
      },
    },
  },
  violations: {
    "an access key": { "environment.variables": { ID: KEY_ID } },
    "a password by its name": { "environment.variables": { DB_PASSWORD: "hunter2" } },
    "a salt by its name": { "environment.variables": { LITELLM_SALT: "0f3d" } },
    "a Bedrock API key": { "environment.variables": { BEARER: `ABSK${"A".repeat(60)}` } },
    "one beside what is harmless": { "environment.variables": { A: "1", API_KEY: "abc123" } },
  },
  accepted: {
    "a switch": { "environment.variables": { TOKEN_AUTH: "true" } },
    "a place": {
      "environment.variables": {
        SECRET_NAME: "prod/db",
        PASSWORD_FILE: "/run/secret",
        TOKEN_URL: "https://example.com",
      },
    },
    "what is known only later": { "environment.variables": { BUCKET: UNKNOWN } },
    "a reference": {
      "environment.variables": { DB_PASSWORD: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a" },
    },
    nothing: { environment: undefined },
  },
});
resourceCases(secretNoPlaintext, {
  type: "aws:codebuild/project:Project",
  compliant: {
    environment: { environmentVariables: [{ name: "DB_PASSWORD", value: "prod/db", type: "SECRETS_MANAGER" }] },
  },
  violations: {
    "plain text": { "environment.environmentVariables[0].type": "PLAINTEXT" },
    "plain text by default": { "environment.environmentVariables[0].type": undefined },
  },
});
resourceCases(secretNoPlaintext, {
  type: "aws:batch/jobDefinition:JobDefinition",
  compliant: { containerProperties: JSON.stringify({ environment: [{ name: "REGION", value: "a" }] }) },
  violations: {
    "a password": { containerProperties: JSON.stringify({ environment: [{ name: "PASSWORD", value: "a" }] }) },
  },
});
resourceCases(secretNoPlaintext, {
  type: "aws:apprunner/service:Service",
  compliant: {
    sourceConfiguration: { imageRepository: { imageConfiguration: { runtimeEnvironmentVariables: { REGION: "a" } } } },
  },
  violations: {
    "a token": {
      "sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentVariables": { API_TOKEN: "a" },
    },
  },
});
resourceCases(secretNoPlaintext, {
  type: "pulumi:providers:aws",
  compliant: { region: "us-east-1" },
  violations: { credentials: { accessKey: KEY_ID, secretKey: "x" } },
  presence: ["accessKey", "secretKey"],
});

const policyOf = (principal: unknown): string =>
  JSON.stringify({
    Statement: [{ Effect: "Allow", Principal: principal, Action: "secretsmanager:GetSecretValue", Resource: "*" }],
  });
resourceCases(secretPolicyNotPublic, {
  compliant: {
    secretArn: "a",
    policy: policyOf({ AWS: "arn:aws:iam::111122223333:role/app" }),
    blockPublicPolicy: true,
  },
  violations: { everyone: { policy: policyOf("*") }, "a check that is off": { blockPublicPolicy: false } },
  accepted: { "AWS's default": { blockPublicPolicy: undefined } },
});
