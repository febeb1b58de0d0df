import { planAccessData } from "../../../components/observability/langfuse/access-node";
import { planClickHouseData } from "../../../components/observability/langfuse/click-house-data";
import { gatewayExtras, listenerRoutes } from "../../../config";
import { setUp, setUpFiles, setUpKey } from "../../../components/workspace/set-up";
import { planUserData, type UserDataPlan } from "../../../components/workspace/user-data";
import { filesOf } from "./files";

/** User data of each kind of host. */
export const workspacePlan: UserDataPlan = {
  region: "ap-northeast-1",
  department: "engineering",
  gatewayHost: "gateway.platform.example.internal",
  routes: listenerRoutes("api", gatewayExtras),
  idleSeconds: 1900,
  setUp: { key: setUpKey("engineering"), sha256: setUp.sha256 },
  keySecret: "cline/example/engineering/tanaka/virtual-key",
  artifactBucket: "example-platform-artifacts-111122223333-ap-northeast-1",
  batchBucket: "example-platform-batch-files-111122223333-ap-northeast-1",
  batchOwner: "engineering/tanaka",
  logGroup: "/cline/example/engineering/workspace/tanaka",
  sshPublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7Fq3cJ0m5xg0tqgkQ6n1s8vQH0q5bq3gq2xg2u1vQk tanaka",
  caCertificate: `-----BEGIN CERTIFICATE-----\n${"MIIB".repeat(400)}\n-----END CERTIFICATE-----\n`,
};
export const workspace = planUserData(workspacePlan);
/** Every file of a workspace: what cloud-init writes, and what the set-up does. */
export const workspaceFiles = [...filesOf(workspace), ...setUpFiles];
export const clickHouse = planClickHouseData({
  region: "ap-northeast-1",
  image: `111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/cline/example/clickhouse@sha256:${"0".repeat(64)}`,
  passwordSecret: "cline/example/platform/langfuse-clickhouse",
  retentionDays: 90,
  logGroup: "/cline/example/platform/clickhouse",
  certificateSecret: "cline/example/platform/clickhouse-certificate",
  host: "clickhouse.traces.platform.example.internal",
  stack: "platform",
});
export const accessNode = planAccessData({
  host: "langfuse.traces.platform.example.internal",
  port: 3443,
  region: "ap-northeast-1",
  authoritySecret: "cline/example/platform/traces-authority",
});
