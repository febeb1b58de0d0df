import { createHash } from "node:crypto";
import { fit, iamPath, names } from "../../config";

/**
 * Purpose of a customer-managed key. Every stack has the first three; the access foundation adds
 * `sessions`.
 */
export type KeyPurpose = "data" | "logs" | "secrets" | "sessions";

/** Purpose of a private certificate authority's signing key: the gateway's, and the trace store's. */
export type AuthorityPurpose = "certificate-authority" | "traces-authority";

/**
 * Purposes of keys that have an alias: the encryption keys, the signing keys of the private
 * certificate authorities, and the key of the Pulumi state, which bootstrap/ makes.
 */
export type KeyAliasPurpose = KeyPurpose | AuthorityPurpose | "state";

/** The stack whose resources are named. */
export interface StackIdentity {
  /** Prefix of physical names. */
  readonly organization: string;
  /** `*` in a policy pattern that matches every stack. */
  readonly stack: string;
  readonly accountId: string;
  readonly region: string;
}

/**
 * Physical names of a stack's resources, by kind. `purpose` distinguishes resources of one kind.
 * Every kind cuts a long name at its own AWS limit and ends it in a hash.
 */
export function stackNames({ organization, stack, accountId, region }: StackIdentity) {
  const known = names(organization);
  const upTo =
    (max: number) =>
    (purpose: string): string =>
      fit(max, organization, stack, purpose);
  return {
    /** IAM role of a workload: 64 characters. */
    role: upTo(64),
    /** Lambda function: 64 characters. */
    lambda: upTo(64),
    /** EventBridge Scheduler schedule: 64 characters. */
    schedule: upTo(64),
    /** EventBridge rule: 64 characters. */
    eventRule: upTo(64),
    /** SQS queue; AWS allows 80 characters, the function's limit of 64 applies. */
    queue: upTo(64),
    /** ECS cluster. */
    cluster: upTo(64),
    /** ECS service. */
    service: upTo(64),
    /** ECS task definition family. */
    taskFamily: upTo(64),
    /** CloudWatch dashboard. */
    dashboard: upTo(64),
    /** CodeBuild project. */
    build: upTo(64),
    /** Bedrock application inference profile: 64 characters. */
    inferenceProfile: upTo(64),
    /** Load balancer: 32 characters, which Pulumi's autoname would exceed. */
    loadBalancer: upTo(32),
    /** RDS cluster identifier: 60 characters, so that `-a` still fits. */
    database: upTo(60),
    /** ElastiCache replication group: 40 characters. */
    cache: upTo(40),
    /** CloudWatch alarm: 255 characters. */
    alarm: upTo(255),
    /** SNS topic: 256 characters. */
    topic: upTo(256),
    /** CloudTrail trail, one per stack: 128 characters. */
    trail: (): string => fit(128, organization, stack),
    /** Log group that RDS makes for a PostgreSQL cluster. */
    databaseLogGroup: (identifier: string): string => `/aws/rds/cluster/${identifier}/postgresql`,
    logGroup: (purpose: string): string => known.logGroup(stack, purpose),
    /** S3 bucket, globally unique by account and region: 63 characters. */
    bucket: (purpose: string): string => known.bucket(stack, purpose, accountId, region),
    ...secretNames(organization, stack),
    ...aliasNames(organization, stack),
    /** Session Manager document. */
    sessionDocument: (kind: "shell" | "code-server" | "ssh" | "langfuse"): string => known.sessionDocument(stack, kind),
    /** Role that a department's developers assume to open sessions. */
    sessionRole: (): string => known.sessionRole(stack),
    leadRole: (): string => known.leadRole(stack),
    ...organizationNames(organization),
  };
}

/** Names in Secrets Manager. AWS appends a hyphen and six characters to each ARN. */
function secretNames(organization: string, stack: string) {
  const known = names(organization);
  return {
    /** Secret of a purpose. */
    secret: (purpose: string): string => known.secret(stack, purpose),
    /** Secret of a developer's virtual key in a department's stack. */
    virtualKey: (developer: string): string => known.virtualKey(stack, developer),
    /** Secret of a lead's or deputy's account at Langfuse, in a department's stack. */
    langfuseAccount: (person: string): string => known.langfuseAccount(stack, person),
  };
}

/** Aliases of KMS keys. */
function aliasNames(organization: string, stack: string) {
  const { keyAlias } = names(organization);
  return {
    keyAlias: (purpose: KeyAliasPurpose): string => keyAlias(stack, purpose),
    /**
     * Alias of a kept key beside the stack's own: patterns over every stack's keys of a purpose match
     * it.
     */
    keptKeyAlias: (arn: string, purpose: KeyPurpose): string =>
      keyAlias(stack, `kept-${createHash("sha256").update(arn).digest("hex").slice(0, 8)}/${purpose}`),
  };
}

/** Names that do not depend on the stack. */
function organizationNames(organization: string) {
  const known = names(organization);
  return {
    /** Log group that Container Insights makes for an ECS cluster. */
    insightsLogGroup: (cluster: string): string => `/aws/ecs/containerinsights/${cluster}/performance`,
    /** Instance role and instance profile of a developer's workspace. */
    workspaceRole: known.workspaceRole,
    operatorRole: known.operatorRole,
    auditorRole: known.auditorRole,
    breakGlassRole: known.breakGlassRole,
    /** Role of the protected workflow that runs `pulumi up`. */
    deployerRole: (): string => known.role("deployer"),
    /** Role of the workflows that read the state: plans before approval, and the nightly audit. */
    auditWorkflowRole: (): string => known.role("audit-workflow"),
    /** Managed policy that is a permission boundary. */
    boundary: known.boundary,
    /** ECR repository of a mirrored image. */
    repository: known.repository,
  };
}

/**
 * ARNs of resources by kind. Each takes the physical name; `*` in a name makes a policy pattern.
 */
export function stackArns({ accountId, region }: Pick<StackIdentity, "accountId" | "region">) {
  const regional = (service: string, resource: string): string =>
    `arn:aws:${service}:${region}:${accountId}:${resource}`;
  return {
    role: (name: string): string => `arn:aws:iam::${accountId}:role${iamPath}${name}`,
    policy: (name: string): string => `arn:aws:iam::${accountId}:policy${iamPath}${name}`,
    /**
     * Ends in the six `?` of the suffix that Secrets Manager appends: a bare `*` would match
     * another secret, too.
     */
    secret: (name: string): string => regional("secretsmanager", `secret:${name}-??????`),
    logGroup: (name: string): string => regional("logs", `log-group:${name}`),
    document: (name: string): string => regional("ssm", `document/${name}`),
    lambda: (name: string): string => regional("lambda", `function:${name}`),
    queue: (name: string): string => regional("sqs", name),
    topic: (name: string): string => regional("sns", name),
    cluster: (name: string): string => regional("ecs", `cluster/${name}`),
    build: (name: string): string => regional("codebuild", `project/${name}`),
    repository: (name: string): string => regional("ecr", `repository/${name}`),
    bucket: (name: string): string => `arn:aws:s3:::${name}`,
    /** The account itself. */
    root: `arn:aws:iam::${accountId}:root`,
    /** Any other resource of the account and region, e.g. `regional("ec2", "instance/*")`. */
    regional,
  };
}
