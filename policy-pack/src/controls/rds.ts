import { tlsDefault, tlsOf } from "../data/tls-defaults";
import { resourcePolicy, stackPolicy } from "../frame/policy";
import type { Report } from "../frame/report";
import { Undeterminable } from "../frame/value";
import type { ResourceView } from "../frame/view";
import { set } from "../shared/remedy";
import { securityHub } from "../shared/security-hub";
import { DATABASES } from "../shared/types";
import { effective } from "../shared/effective";

/**
 * Retention of 0 turns automated backups and point-in-time recovery off; AWS takes 35 days at most.
 */
export const rdsBackup = resourcePolicy({
  name: "rds-backup",
  description: "Databases are backed up automatically",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["CP-9"], checkov: ["CKV_AWS_133"], trivy: ["AWS-0077"], "cdk-nag": ["RDS13"] },
  remediation: "Set backupRetentionPeriod to between 7 and 35 days.",
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
  types: DATABASES,
  check(database, report) {
    if (database.at("replicateSourceDb").isSet) report.notApplicable("a replica is backed up with its source");
    const days = database.at("backupRetentionPeriod");
    report.expect(days, () => days.isAbsent || isBetween(days.number(), 1, 35));
  },
});

function isBetween(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}

/** AWS keeps backups for one day by default; a fault noticed after a weekend is older than that. */
export const rdsBackupRetention = resourcePolicy({
  name: "rds-backup-retention",
  description: "Databases keep their backups for a week or longer",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["RDS.11"], "nist-800-53r5": ["CP-9"] },
  remediation: "Set backupRetentionPeriod to 7 days or more.",
  url: securityHub("RDS.11"),
  types: DATABASES,
  config: { minDays: { type: "integer", description: "The fewest days that backups are kept", default: 7 } },
  check(database, report, config) {
    // A member or a replica is backed up with its cluster or its source.
    if (database.at("replicateSourceDb").isSet) report.notApplicable("a replica");
    const least = config.at("minDays").number() ?? 7;
    report.expect(effective(database, "backupRetentionPeriod"), (days) => (days.number() ?? 0) >= least);
  },
});

/**
 * An Aurora cluster keeps its data in three zones, and serves it from as many as it has instances.
 */
export const rdsClusterMultiAz = stackPolicy({
  name: "rds-cluster-multi-az",
  description: "Database clusters have an instance to fail over to",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["RDS.15"], "nist-800-53r5": ["CP-10"] },
  remediation: "Add a second aws.rds.ClusterInstance to the cluster.",
  url: securityHub("RDS.15"),
  types: ["aws:rds/cluster:Cluster"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:rds/cluster:Cluster"), (cluster) => {
      const { found, unsure } = stack.companions(
        cluster,
        "aws:rds/clusterInstance:ClusterInstance",
        "clusterIdentifier",
      );
      const [reference] = unsure;
      if (found.length >= 2 || cluster.at("dbClusterInstanceClass").isSet) return;
      if (reference) report.undeterminable(reference, "is not known yet and may name this cluster");
      else report.violation(`the cluster has ${found.length} ${found.length === 1 ? "instance" : "instances"}`);
    });
  },
});

/** A snapshot without tags belongs to nobody: it is neither billed to a department nor deleted. */
export const rdsCopyTags = resourcePolicy({
  name: "rds-copy-tags",
  description: "Snapshots of databases carry the database's tags",
  severity: "low",
  level: "advisory",
  controls: {
    fsbp: ["RDS.16", "RDS.17"],
    "nist-800-53r5": ["CM-8"],
    checkov: ["CKV2_AWS_60", "CKV_AWS_313"],
    area: ["cost"],
  },
  remediation: "Set copyTagsToSnapshot to true.",
  url: securityHub("RDS.17"),
  types: DATABASES,
  check(database, report) {
    const engine = database.at("engine");
    if (
      database.type === "aws:rds/instance:Instance" &&
      !engine.isUnknown &&
      engine.text()?.startsWith("aurora") === true
    ) {
      report.notApplicable("a member of an Aurora cluster, which copies tags itself");
    }
    report.expect(database.at("copyTagsToSnapshot"), (copy) => copy.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, { copyTagsToSnapshot: true });
  },
});

/** Deletion protection demands a second step before the database is deleted. */
export const rdsDeletionProtection = resourcePolicy({
  name: "rds-deletion-protection",
  description: "Databases are protected from deletion",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["RDS.7", "RDS.8"],
    "nist-800-53r5": ["CP-10"],
    checkov: ["CKV_AWS_293", "CKV_AWS_139"],
    trivy: ["AWS-0343"],
    "cdk-nag": ["RDS10"],
  },
  remediation: "Set deletionProtection to true.",
  url: securityHub("RDS.8"),
  types: DATABASES,
  check(database, report) {
    report.expect(database.at("deletionProtection"), (protection) => protection.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, { deletionProtection: true });
  },
});

/** The operating system's own numbers, which tell a slow query from a full disk. */
export const rdsEnhancedMonitoring = resourcePolicy({
  name: "rds-enhanced-monitoring",
  description: "Databases report the metrics of their operating system",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["RDS.6"], "nist-800-53r5": ["CA-7"], checkov: ["CKV_AWS_118"] },
  remediation: "Set monitoringInterval to 1, 5, 10, 15, 30 or 60 seconds, with a monitoringRoleArn.",
  url: securityHub("RDS.6"),
  types: ["aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"],
  check(database, report) {
    report.expect(database.at("monitoringInterval"), (interval) => (interval.number() ?? 0) > 0);
  },
});

/** The engines that know IAM authentication. */
const IAM_ENGINES = /^(?:aurora|mysql|mariadb|postgres)/;

/** IAM authentication uses tokens of 15 minutes instead of a password that nobody rotates. */
export const rdsIamAuth = resourcePolicy({
  name: "rds-iam-auth",
  description: "Databases accept IAM authentication",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["RDS.10", "RDS.12"],
    "nist-800-53r5": ["IA-2"],
    checkov: ["CKV_AWS_161", "CKV_AWS_162"],
    trivy: ["AWS-0176", "AWS-0177"],
    "cdk-nag": ["RDS6"],
  },
  remediation: "Set iamDatabaseAuthenticationEnabled to true and let clients connect with tokens.",
  url: securityHub("RDS.10"),
  types: DATABASES,
  check(database, report) {
    const engine = database.at("engine");
    const enabled = database.at("iamDatabaseAuthenticationEnabled");
    report.expect(enabled, () => enabled.flag() === true || (engine.isSet && !IAM_ENGINES.test(engine.text() ?? "")));
  },
  remediate(inputs) {
    const engine = inputs["engine"];
    const knows = typeof engine !== "string" || IAM_ENGINES.test(engine);
    return knows && set(inputs, { iamDatabaseAuthenticationEnabled: true });
  },
});

/** Without exported logs, slow queries, failed logins and errors end with the instance. */
export const rdsLogging = resourcePolicy({
  name: "rds-logging",
  description: "Databases send their logs to CloudWatch",
  severity: "low",
  level: "advisory",
  controls: {
    fsbp: ["RDS.9", "RDS.36", "RDS.37"],
    "nist-800-53r5": ["AU-2"],
    checkov: ["CKV_AWS_129", "CKV_AWS_324"],
    "cdk-nag": ["R5-RDSLoggingEnabled"],
  },
  remediation: 'Name the engine\'s logs in enabledCloudwatchLogsExports, such as ["postgresql"].',
  url: securityHub("RDS.36"),
  types: DATABASES,
  check(database, report) {
    const logs = database.at("enabledCloudwatchLogsExports");
    report.expect(logs, () => logs.items().length > 0, "enabledCloudwatchLogsExports names no log");
  },
});

/**
 * A password in the program is in its state, its history and everyone's editor; RDS can keep it
 * where nobody reads it.
 */
export const rdsManagedPassword = resourcePolicy({
  name: "rds-managed-password",
  description: "The master password of a database is made and rotated by RDS",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["IA-5"] },
  remediation:
    "Set manageMasterUserPassword to true with masterUserSecretKmsKeyId, and remove password or masterPassword.",
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html",
  types: DATABASES,
  check(database, report) {
    const copies = [
      "replicateSourceDb",
      "snapshotIdentifier",
      "replicationSourceIdentifier",
      "globalClusterIdentifier",
      "restoreToPointInTime",
    ];
    const isCopy = copies.some((key) => database.at(key).isSet);
    const given = ["password", "masterPassword", "passwordWo", "masterPasswordWo"].filter(
      (key) => database.at(key).isSet,
    );
    for (const key of given) report.violation(`${key} is set`);
    if (given.length === 0 && !isCopy) {
      report.expect(database.at("manageMasterUserPassword"), (managed) => managed.flag() === true);
    }
  },
});

/** Minor versions bring security fixes; AWS installs them within the maintenance window. */
export const rdsMinorUpgrade = resourcePolicy({
  name: "rds-minor-upgrade",
  description: "Databases install minor versions by themselves",
  severity: "low",
  level: "advisory",
  controls: {
    fsbp: ["RDS.13", "RDS.35"],
    "cis-aws-3.0": ["2.3.2"],
    "nist-800-53r5": ["SI-2"],
    checkov: ["CKV_AWS_226"],
  },
  remediation: "Set autoMinorVersionUpgrade to true.",
  url: securityHub("RDS.13"),
  types: ["aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"],
  check(database, report) {
    report.expect(database.at("autoMinorVersionUpgrade"), (upgrade) => upgrade.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, { autoMinorVersionUpgrade: true });
  },
});

/** A standby doubles the cost: worth it in production, not for a trial. */
export const rdsMultiAz = resourcePolicy({
  name: "rds-multi-az",
  description: "Database instances have a standby in another zone",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["RDS.5"], "nist-800-53r5": ["CP-10"], checkov: ["CKV_AWS_157"], "cdk-nag": ["RDS3"] },
  remediation: "Set multiAz to true.",
  url: securityHub("RDS.5"),
  types: ["aws:rds/instance:Instance"],
  check(database, report) {
    if (database.at("replicateSourceDb").isSet) report.notApplicable("a replica");
    report.expect(database.at("multiAz"), (multiAz) => multiAz.flag() === true);
  },
});

const PARAMETER_GROUPS = [
  "aws:rds/parameterGroup:ParameterGroup",
  "aws:rds/clusterParameterGroup:ClusterParameterGroup",
];
const GROUP_REFERENCES = ["parameterGroupName", "dbClusterParameterGroupName"];

/** A server that merely offers TLS lets a client, or someone in between, choose to do without. */
export const rdsTls = stackPolicy({
  name: "rds-tls",
  description: "Databases refuse connections without TLS",
  severity: "high",
  level: "mandatory",
  controls: { fsbp: ["RDS.38"], "nist-800-53r5": ["SC-8"], checkov: ["CKV2_AWS_69"] },
  remediation:
    "Give the database a parameter group with rds.force_ssl=1 (PostgreSQL, SQL Server), require_secure_transport=1 (MySQL, MariaDB) or db2comm=SSL (Db2).",
  url: securityHub("RDS.38"),
  types: DATABASES,
  checkStack(stack, report) {
    const groups = stack.ofType(...PARAMETER_GROUPS);
    report.eachResource(stack.ofType(...DATABASES), (database) => {
      const own = groups.filter((group) => GROUP_REFERENCES.some((key) => stack.refers(database, key, group)));
      for (const group of own) report.guard(() => judgeParameters(group, report));
      if (own.length === 0) judgeDefault(database, report);
    });
  },
});

/** Without a group of its own a database has AWS's default group, whose parameters nobody can change. */
function judgeDefault(database: ResourceView, report: Report): void {
  if (database.at("replicateSourceDb").isSet) report.notApplicable("a replica has its source's parameters");
  const engine = database.at("engine").text() ?? "";
  const facts = tlsOf(engine);
  if (facts === undefined) report.notApplicable("TLS is no parameter of the engine");
  if (database.type === DATABASES[0] && engine.startsWith("aurora"))
    report.notApplicable("a member of an Aurora cluster, whose parameters decide");
  const named = GROUP_REFERENCES.map((key) => database.at(key)).find((group) => group.isSet);
  if (named !== undefined && named.text()?.startsWith("default.") !== true) {
    report.undeterminable(named, "names a parameter group that is not of this stack");
    return;
  }
  const version = database.at("engineVersion");
  const byDefault = tlsDefault(facts, version.text());
  if (byDefault === "unknown")
    report.undeterminable(version, `is not set, and decides the default of ${facts.parameter}`);
  else if (byDefault === "accepts")
    report.violation(`it has no parameter group of its own, and AWS's default leaves ${facts.parameter} off`);
}

function judgeParameters(group: ResourceView, report: Report): void {
  const family = group.at("family").text() ?? "";
  const facts = tlsOf(family);
  if (facts === undefined) return;
  let unknown: Undeterminable | undefined;
  let isNamed = false;
  for (const setting of group.at("parameters").items()) {
    try {
      if (setting.at("name").text()?.toLowerCase() !== facts.parameter) continue;
      isNamed = true;
      if (facts.values.includes(setting.at("value").text()?.toLowerCase() ?? "")) return;
    } catch (error) {
      if (!(error instanceof Undeterminable)) throw error;
      unknown ??= error;
    }
  }
  if (unknown) throw unknown;
  if (!isNamed && tlsDefault(facts, /\d.*$/.exec(family)?.[0]) === "refuses") return;
  report.violation(`its parameter group ${group.name} does not set ${facts.parameter} to ${facts.values[0] ?? ""}`);
}
