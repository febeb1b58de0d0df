/**
 * Quantities that no plan holds. Each enters the estimate under its name, and the table prints it.
 * Change one here to estimate another use.
 */
export const assumptions = {
  /** Hours in a month, as AWS counts. */
  hours: 730,
  /** Hours that a workspace runs: eight on each working day. Idle stop ends the others. */
  workspaceHours: 174,
  /** GB of logs that one developer causes: sessions, network flows, names asked, gateway, audit. */
  logGbPerDeveloper: 0.5,
  /** GB of logs of a log group that its machines write without any user. */
  logGbPerIdleGroup: 0.2,
  /** GB of Container Insights records of one task. */
  insightsGbPerTask: 0.1,
  /** Part of a volume that its snapshots hold. */
  snapshotShare: 0.5,
  /** GB of a database. */
  databaseGb: 10,
  /** GB of a bucket. */
  bucketGb: 5,
  /** GB of the images that a repository keeps. */
  repositoryGb: 2,
  /** Load balancer capacity units in the mean. */
  capacityUnits: 0.2,
  /** Seconds that a scheduled function runs. */
  functionSeconds: 2,
  /** Millions of names that a network's machines ask. */
  dnsMillionQueries: 1,
} as const;
