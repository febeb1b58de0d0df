import {
  rdsBackup,
  rdsBackupRetention,
  rdsClusterMultiAz,
  rdsCopyTags,
  rdsDeletionProtection,
  rdsEnhancedMonitoring,
  rdsIamAuth,
  rdsLogging,
  rdsManagedPassword,
  rdsMinorUpgrade,
  rdsMultiAz,
  rdsTls,
} from "../../src/controls/rds";
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

resourceCases(rdsEnhancedMonitoring, {
  compliant: { monitoringInterval: 60 },
  violations: { off: { monitoringInterval: 0 }, "left out": { monitoringInterval: undefined } },
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
tlsCases("postgres14", "rds.force_ssl", "1", "0");
tlsCases("aurora-postgresql16", "rds.force_ssl", "1", "0");
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
