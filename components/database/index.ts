export { postgresPort } from "./functions";
export { PostgresCluster, type PostgresClusterArgs } from "./postgres-cluster";
export { databaseRoot, databaseRootFingerprints } from "./roots";
