import * as pulumi from "@pulumi/pulumi";
import type {
  AccessFacts,
  ArtifactFacts,
  GatewayFacts,
  KeyFacts,
  NetworkFacts,
  ObservabilityFacts,
} from "../../components/facts";

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
export const keyFacts = (): Required<KeyFacts> => ({ data: key(1), logs: key(2), secrets: key(3), sessions: key(4) });

/** A two-zone network, 10.64.0.0/16. `endpointIds` holds every service of the planned list. */
export const networkFacts = (
  endpoints: readonly string[] = ["s3", "bedrock-runtime", "secretsmanager"],
): NetworkFacts => ({
  vpcId: pulumi.output("vpc-0a1b2c3d4e5f60718"),
  cidr: pulumi.output("10.64.0.0/16"),
  subnetIds: pulumi.output(["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"]),
  zones: pulumi.output(["ap-northeast-1a", "ap-northeast-1c"]),
  endpointSecurityGroupId: pulumi.output("sg-0a1b2c3d4e5f60701"),
  endpointIds: pulumi.output(
    Object.fromEntries(endpoints.map((service, i) => [service, `vpce-0a1b2c3d4e5f607${String(i).padStart(2, "0")}`])),
  ),
  s3PrefixListId: pulumi.output("pl-61a54008"),
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
  collectorEndpoint: pulumi.output("http://collector.cline.internal:4318"),
  collectorSecurityGroupId: pulumi.output("sg-0a1b2c3d4e5f60702"),
  langfuseProvisionerArn: pulumi.output(arn("lambda", "function:example-platform-langfuse-provisioner")),
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
  endpointServiceName: pulumi.output<string | undefined>(undefined),
});
