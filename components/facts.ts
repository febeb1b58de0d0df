import type { Output, Resource } from "@pulumi/pulumi";

/**
 * Outputs of one part of the system for the others: passed directly in one stack, and across stacks
 * as stack outputs of the same name. They hold only ids and ARNs that AWS decides. Settings
 * (budgets, people, models) come from the stack files through `config`.
 */

/** Exported as `network`. */
export interface NetworkFacts {
  readonly vpcId: Output<string>;
  readonly cidr: Output<string>;
  /**
   * Isolated subnets for tasks, functions and workspaces, one per zone in the order of `zones`.
   * Resources that take them are created after the network's endpoints, routes, rules and firewall.
   */
  readonly subnetIds: Output<string[]>;
  readonly zones: Output<string[]>;
  /**
   * Security group of the interface endpoints: reached on 443 from every member of
   * `clientSecurityGroupId`'s VPC.
   */
  readonly endpointSecurityGroupId: Output<string>;
  readonly s3PrefixListId: Output<string>;
  /** Security groups of the endpoints for source code, by source; after those endpoints. */
  readonly sourceGroupIds: Output<Readonly<Record<string, string>>>;
}

/**
 * Customer-managed keys of a stack, one per purpose; ARNs. Each stack has its own: never exported.
 */
export interface KeyFacts {
  readonly data: Output<string>;
  readonly logs: Output<string>;
  readonly secrets: Output<string>;
  /** Session Manager's data channel. Only where the stack has the access foundation. */
  readonly sessions?: Output<string>;
  /**
   * Done when KMS admits roles to the keys by alias: whatever runs with such a role, and does not
   * repeat a denied call, depends on it. Absent: the keys are not known to be usable yet.
   */
  readonly usable?: Resource;
}

/** Exported as `keyProbe`: the account's function that waits for keys. */
export interface KeyProbeFacts {
  readonly functionArn: Output<string>;
}

/**
 * Exported as `access`: the account's access foundation (session documents, boundaries, session
 * logs).
 */
export interface AccessFacts {
  readonly shellDocument: Output<string>;
  readonly codeServerDocument: Output<string>;
  readonly sshDocument: Output<string>;
  readonly humanBoundaryArn: Output<string>;
  readonly workloadBoundaryArn: Output<string>;
  /** The workload boundary with models: for the gateway's tasks alone. */
  readonly gatewayBoundaryArn: Output<string>;
  /** Boundary of the role that Bedrock assumes for batch jobs. */
  readonly batchBoundaryArn: Output<string>;
  readonly sessionKeyArn: Output<string>;
  readonly sessionLogGroupName: Output<string>;
  readonly sessionLogBucket: Output<string>;
}

/** Exported as `observability`. */
export interface ObservabilityFacts {
  /** Alarms of the infrastructure team. */
  readonly alarmTopicArn: Output<string>;
  /** Bucket of access logs and reports. */
  readonly accessLogBucket: Output<string>;
  /** OTLP/HTTP endpoint of the OpenTelemetry Collector, inside the VPC. */
  readonly collectorEndpoint: Output<string>;
  /** PEM of the authority that signed the collector's certificate. */
  readonly collectorCa: Output<string>;
  /** Security group of the collector: the gateway is admitted to it. */
  readonly collectorSecurityGroupId: Output<string>;
  /**
   * Function that creates a department's Langfuse organization, project and keys, and rewrites the
   * collector's routes. The department's stack invokes it with
   * `{"action":"ensure","department":NAME,"secretName":names.secret(NAME,"langfuse"),"keepPromptText":…}`,
   * and for each lead with
   * `{"action":"account","department":NAME,"person":ID,"secretName":names.langfuseAccount(NAME,ID)}`.
   * The department's stack creates the secrets empty; the function writes their values.
   */
  readonly langfuseProvisionerArn: Output<string>;
}

/** Exported as `artifacts`: images and files in the closed network. */
export interface ArtifactFacts {
  /**
   * Bucket with workspace artifacts (code-server, Cline's extension), configuration and bundles.
   */
  readonly bucket: Output<string>;
  /**
   * ECR repository URLs of the mirrored images by short name: `gateway`, `langfuse`,
   * `langfuse-worker`, `clickhouse`, `collector`.
   */
  readonly repositoryUrls: Output<Record<string, string>>;
}

/** Exported as `gateway`. */
export interface GatewayFacts {
  /** Base URL workspaces use, ending in /v1. */
  readonly url: Output<string>;
  readonly host: Output<string>;
  /**
   * Security group of the internal load balancer. It admits its whole network on 443; workspaces
   * add their own egress rule that refers to it.
   */
  readonly loadBalancerSecurityGroupId: Output<string>;
  readonly taskRoleArn: Output<string>;
  readonly rotationFunctionArn: Output<string>;
  readonly reconcilerFunctionArn: Output<string>;
  readonly keyAdminFunctionName: Output<string>;
  /** Bucket of the departments' declared state, one object each. */
  readonly stateBucket: Output<string>;
  /**
   * PEM of the CA that signed the load balancer's certificate; absent with a public certificate.
   */
  readonly caCertificate: Output<string | undefined>;
  /** Alarm that says that nobody can work with this gateway, of its account and region. */
  readonly keysRefusedAlarmArn: Output<string>;
  /** PrivateLink service name, for networks other than the gateway's own. */
  readonly endpointServiceName: Output<string | undefined>;
}
