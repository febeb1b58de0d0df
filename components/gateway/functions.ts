import { arns, batchKeys, gatewayHost, names, stateKeys, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { FunctionPlan, ScheduledFunction } from "../actions/function-plan";
import { useKey } from "../kit";
import { allow, type Statement } from "../policy-document";
import { batchRunnerPurpose, batchRunnerStatements } from "./batch-policies";
import { gatewayBucketPurpose, migrationPolicy, secretPurposes } from "./task-policies";

/** Purpose of the secret that holds the canary's own virtual key. */
export const canaryPurpose = "gateway-canary-key";

/** CloudWatch namespace of the canary's metrics. */
export const canaryNamespace = "Cline/Gateway";

const toGateway = { gateway: 443 };

const secretArn = (spec: StackSpec, purpose: string): string =>
  arns(spec).secret(names(spec.platform.organization).secret(spec.stack, purpose));

const virtualKeys = (spec: StackSpec): string =>
  arns(spec).secret(names(spec.platform.organization).virtualKey("*", "*"));

const readSecrets = (spec: StackSpec, sid: string, ...purposes: readonly string[]): Statement =>
  allow(sid, {
    Action: "secretsmanager:GetSecretValue",
    Resource: purposes.map((purpose) => secretArn(spec, purpose)),
  });

const ownSecrets = (spec: StackSpec): Statement =>
  useKey(contextOf(spec), { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] });

function readDeclaredState(spec: StackSpec): readonly Statement[] {
  const known = names(spec.platform.organization);
  const bucket = arns(spec).bucket(known.bucket(spec.stack, gatewayBucketPurpose, spec.accountId, spec.region));
  return [
    allow("ReadDeclaredState", { Action: "s3:GetObject", Resource: `${bucket}/state/*` }),
    allow("ListDeclaredState", {
      Action: "s3:ListBucket",
      Resource: bucket,
      Condition: { StringLike: { "s3:prefix": [`${stateKeys.departments}*`, `${batchKeys.ledgers}*`] } },
    }),
    // Each department's object is under its own stack's key.
    useKey(contextOf(spec), { purpose: "data", via: "s3", actions: ["kms:Decrypt"], stack: "*" }),
  ];
}

/** Brings LiteLLM to the declared state. */
export const accessReconciler = (spec: StackSpec): ScheduledFunction => ({
  purpose: "access-reconciler",
  description: "Brings teams, members, budgets and keys of LiteLLM to the declared state",
  place: "network",
  connects: toGateway,
  schedule: { expression: "rate(1 hour)" },
  timeout: 900,
  memory: 512,
  statements: [
    readSecrets(spec, "ReadMasterAndCanaryKey", secretPurposes.masterKey, canaryPurpose),
    ownSecrets(spec),
    ...readDeclaredState(spec),
  ],
});

/** Rotates virtual keys; Secrets Manager invokes it. */
export const keyRotation = (spec: StackSpec): FunctionPlan => ({
  purpose: "key-rotation",
  description: "Makes and replaces the developers' virtual keys",
  place: "network",
  connects: toGateway,
  timeout: 900,
  statements: [
    readSecrets(spec, "ReadMasterKey", secretPurposes.masterKey),
    allow("RotateVirtualKeys", {
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: virtualKeys(spec),
    }),
    useKey(contextOf(spec), { purpose: "secrets", via: "secretsmanager", stack: "*" }),
    ...readDeclaredState(spec),
  ],
});

/** Acts on virtual keys for a department's lead, who invokes it by the department's alias. */
export const keyAdmin = (spec: StackSpec): FunctionPlan => ({
  purpose: "key-admin",
  description: "Blocks, unblocks and rotates virtual keys for a department's lead",
  place: "network",
  connects: toGateway,
  statements: [
    readSecrets(spec, "ReadMasterKey", secretPurposes.masterKey),
    ownSecrets(spec),
    allow("StartRotation", {
      Action: ["secretsmanager:RotateSecret", "secretsmanager:DescribeSecret"],
      Resource: virtualKeys(spec),
    }),
    allow("LetRotationRun", {
      Action: "lambda:InvokeFunction",
      Resource: arns(spec).lambda(names(spec.platform.organization).lambda(spec.stack, "key-rotation")),
    }),
    ...readDeclaredState(spec),
  ],
});

/** Probes the gateway with a virtual key of its own. */
export const gatewayCanary = (spec: StackSpec): ScheduledFunction => ({
  purpose: "gateway-canary",
  description: "Calls the gateway with a virtual key of its own",
  place: "network",
  connects: toGateway,
  schedule: { expression: "rate(1 minute)" },
  timeout: 50,
  statements: [
    readSecrets(spec, "ReadCanaryKey", canaryPurpose),
    ownSecrets(spec),
    allow("PublishMetrics", {
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": canaryNamespace } },
    }),
  ],
});

/** Runs the migration task of LiteLLM's schema. */
export function gatewayMigration(spec: StackSpec): FunctionPlan {
  const cluster = names(spec.platform.organization).lambda(spec.stack, "gateway");
  return {
    purpose: "task-runner",
    physicalPurpose: "gateway-migration",
    description: "Runs the gateway's migration task and waits for it",
    place: "network",
    timeout: 900,
    statements: migrationPolicy(spec, cluster, `${cluster}-migration`),
  };
}

/** Runs batches inside budgets. */
export const batchRunner = (spec: StackSpec): ScheduledFunction => ({
  purpose: batchRunnerPurpose,
  description: "Runs batches inside budgets: reserves, starts, follows, stops, books",
  place: "network",
  connects: toGateway,
  schedule: { expression: "rate(5 minutes)" },
  timeout: 900,
  // Holds the answers of one batch while it sorts them.
  memory: 2048,
  // One run at a time keeps the ledgers.
  concurrency: 1,
  statements: batchRunnerStatements(spec),
});

/** Alias of the key that signs the load balancer's private certificate. */
export const authorityAlias = (spec: StackSpec): string =>
  names(spec.platform.organization).keyAlias(spec.stack, "certificate-authority");

/** Issues the load balancer's private certificate. ACM's API has no endpoint in the network. */
export const certificateIssuer = (spec: StackSpec): ScheduledFunction => ({
  purpose: "certificate",
  description: "Issues and renews the certificate of the gateway's load balancer",
  place: "outside",
  schedule: {
    expression: "rate(1 day)",
    windowMinutes: 60,
    input: JSON.stringify({ host: gatewayHost(spec.stack, spec.platform) }),
  },
  statements: [
    allow("SignAsAuthority", {
      Action: ["kms:Sign", "kms:GetPublicKey"],
      Resource: arns(spec).regional("kms", "key/*"),
      Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": authorityAlias(spec) } },
    }),
    allow("ImportCertificate", {
      Action: ["acm:ImportCertificate", "acm:AddTagsToCertificate"],
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestTag/Stack": spec.stack } },
    }),
    allow("RenewOwnCertificate", {
      Action: ["acm:ImportCertificate", "acm:GetCertificate", "acm:DescribeCertificate", "acm:DeleteCertificate"],
      Resource: arns(spec).regional("acm", "certificate/*"),
      Condition: {
        StringEquals: {
          "aws:ResourceTag/Stack": spec.stack,
          "aws:ResourceTag/Organization": spec.platform.organization,
        },
      },
    }),
    allow("FindOwnCertificate", { Action: "acm:ListCertificates", Resource: "*" }),
  ],
});

/** All functions of a gateway. */
export const gatewayFunctions = [
  accessReconciler,
  keyRotation,
  keyAdmin,
  gatewayCanary,
  gatewayMigration,
  batchRunner,
  certificateIssuer,
] as const;
