export { PostgresCluster, postgresPort, type PostgresClusterArgs } from "./postgres-cluster";
