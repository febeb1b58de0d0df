import * as pulumi from "@pulumi/pulumi";
import type {
  AccessFacts,
  ArtifactFacts,
  GatewayFacts,
  KeyFacts,
  NetworkFacts,
  ObservabilityFacts,
} from "../../components/facts";
import type { GatewayReach } from "../../components/gateway-reach";

/**
 * Facts of a deployed platform named `platform` of the organization `example` in account
 * 111122223333 and region ap-northeast-1, for component tests. Values look as AWS's do. Call them
 * inside the program under test: they make Outputs.
 */
const account = "111122223333";
const region = "ap-northeast-1";
const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
const key = (n: number) => pulumi.output(arn("kms", `key/0000000${String(n)}-1111-4222-8333-444455556666`));

/** Keys of the stack under test. */
export const keyFacts = (): Required<Omit<KeyFacts, "usable">> => ({
  data: key(1),
  logs: key(2),
  secrets: key(3),
  sessions: key(4),
});

/** A two-zone network, 10.64.0.0/16. */
export const networkFacts = (sources: readonly string[] = []): NetworkFacts => ({
  vpcId: pulumi.output("vpc-0a1b2c3d4e5f60718"),
  cidr: pulumi.output("10.64.0.0/16"),
  subnetIds: pulumi.output(["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"]),
  zones: pulumi.output(["ap-northeast-1a", "ap-northeast-1c"]),
  endpointSecurityGroupId: pulumi.output("sg-0a1b2c3d4e5f60701"),
  s3PrefixListId: pulumi.output("pl-61a54008"),
  sourceGroupIds: pulumi.output(
    Object.fromEntries(sources.map((source, at) => [source, `sg-0a1b2c3d4e5f6071${String(at)}`])),
  ),
});

export const accessFacts = (): AccessFacts => ({
  shellDocument: pulumi.output("example-platform-shell"),
  codeServerDocument: pulumi.output("example-platform-code-server"),
  sshDocument: pulumi.output("example-platform-ssh"),
  humanBoundaryArn: pulumi.output(`arn:aws:iam::${account}:policy/cline/example-boundary-human`),
  workloadBoundaryArn: pulumi.output(`arn:aws:iam::${account}:policy/cline/example-boundary-workload`),
  gatewayBoundaryArn: pulumi.output(`arn:aws:iam::${account}:policy/cline/example-boundary-gateway`),
  batchBoundaryArn: pulumi.output(`arn:aws:iam::${account}:policy/cline/example-boundary-bedrock-batch`),
  sessionKeyArn: key(4),
  sessionLogGroupName: pulumi.output("/cline/example/platform/session-logs"),
  sessionLogBucket: pulumi.output(`example-platform-session-logs-${account}-${region}`),
});

export const artifactFacts = (): ArtifactFacts => ({
  bucket: pulumi.output(`example-platform-artifacts-${account}-${region}`),
  repositoryUrls: pulumi.output(
    Object.fromEntries(
      ["gateway", "langfuse", "langfuse-worker", "clickhouse", "collector"].map((image) => [
        image,
        `${account}.dkr.ecr.${region}.amazonaws.com/cline/example/${image}`,
      ]),
    ),
  ),
});

export const observabilityFacts = (): ObservabilityFacts => ({
  alarmTopicArn: pulumi.output(arn("sns", "example-platform-alarms")),
  accessLogBucket: pulumi.output(`example-platform-access-logs-${account}-${region}`),
  collectorEndpoint: pulumi.output("https://collector.cline.internal:4318"),
  collectorCa: pulumi.output("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
  collectorSecurityGroupId: pulumi.output("sg-0a1b2c3d4e5f60702"),
  langfuseProvisionerArn: pulumi.output(arn("lambda", "function:example-platform-langfuse-provisioner")),
});

/** A gateway of the same stack, as its functions call it. */
export const gatewayReach = (): GatewayReach => ({
  ...gatewayFacts(),
  managementGroupId: pulumi.output("sg-0a1b2c3d4e5f60704"),
});

export const gatewayFacts = (): GatewayFacts => ({
  url: pulumi.output("https://gateway.cline.internal/v1"),
  host: pulumi.output("gateway.cline.internal"),
  loadBalancerSecurityGroupId: pulumi.output("sg-0a1b2c3d4e5f60703"),
  taskRoleArn: pulumi.output(`arn:aws:iam::${account}:role/cline/example-platform-gateway-task`),
  rotationFunctionArn: pulumi.output(arn("lambda", "function:example-platform-key-rotation")),
  reconcilerFunctionArn: pulumi.output(arn("lambda", "function:example-platform-access-reconciler")),
  keyAdminFunctionName: pulumi.output("example-platform-key-admin"),
  stateBucket: pulumi.output(`example-platform-state-${account}-${region}`),
  caCertificate: pulumi.output<string | undefined>("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
  keysRefusedAlarmArn: pulumi.output(arn("cloudwatch", "alarm:gateway-keys-refused-1a2b3c4")),
  endpointServiceName: pulumi.output<string | undefined>(undefined),
});
