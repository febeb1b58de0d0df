import { batchKeys, stateKeys } from "../../config";
import type { FunctionPlan, ScheduledFunction } from "../actions/function-plan";
import { signAsAuthority } from "../encryption";
import { useKey, type StackContext } from "../kit";
import { allow, type Statement } from "../policy-document";
import { batchRunnerPurpose, batchRunnerStatements } from "./batch-policies";
import { toApi, toManagement } from "./listeners";
import type { TierChoice } from "./models";
import { gatewayBucketPurpose, migrationStatements, secretPurposes } from "./task-policies";

/** Purpose of the secret that holds the canary's own virtual key. */
export const canaryPurpose = "gateway-canary-key";

/** CloudWatch namespace of the canary's metrics. */
export const canaryNamespace = "Cline/Gateway";

const secretArn = ({ arns, names }: StackContext, purpose: string): string => arns.secret(names.secret(purpose));

const virtualKeys = (context: StackContext): string => context.arns.secret(context.of("*").names.virtualKey("*"));

const readSecrets = (context: StackContext, sid: string, ...purposes: readonly string[]): Statement =>
  allow(sid, {
    Action: "secretsmanager:GetSecretValue",
    Resource: purposes.map((purpose) => secretArn(context, purpose)),
  });

const ownSecrets = (context: StackContext): Statement =>
  useKey(context, { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] });

function readDeclaredState(context: StackContext): readonly Statement[] {
  const bucket = context.arns.bucket(context.names.bucket(gatewayBucketPurpose));
  return [
    allow("ReadDeclaredState", { Action: "s3:GetObject", Resource: `${bucket}/state/*` }),
    allow("ListDeclaredState", {
      Action: "s3:ListBucket",
      Resource: bucket,
      Condition: { StringLike: { "s3:prefix": [`${stateKeys.departments}*`, `${batchKeys.ledgers}*`] } },
    }),
    // Each department's object is encrypted with its own stack's key.
    useKey(context, { purpose: "data", via: "s3", actions: ["kms:Decrypt"], stack: "*" }),
  ];
}

/** Brings LiteLLM to the declared state. */
export const accessReconciler = (context: StackContext): ScheduledFunction => ({
  purpose: "access-reconciler",
  description: "Brings teams, members, budgets and keys of LiteLLM to the declared state",
  place: "network",
  connects: toManagement,
  schedule: { expression: "rate(1 hour)" },
  timeout: 900,
  memory: 512,
  statements: [
    readSecrets(context, "ReadMasterAndCanaryKey", secretPurposes.masterKey, canaryPurpose),
    ownSecrets(context),
    ...readDeclaredState(context),
  ],
});

/** Rotates virtual keys; Secrets Manager invokes it. */
export const keyRotation = (context: StackContext): FunctionPlan => ({
  purpose: "key-rotation",
  description: "Makes and replaces the developers' virtual keys",
  place: "network",
  connects: { ...toApi, ...toManagement },
  timeout: 900,
  statements: [
    readSecrets(context, "ReadMasterKey", secretPurposes.masterKey),
    allow("RotateVirtualKeys", {
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: virtualKeys(context),
    }),
    useKey(context, { purpose: "secrets", via: "secretsmanager", stack: "*" }),
    ...readDeclaredState(context),
  ],
});

/** Acts on virtual keys for a department's lead, who invokes it by the department's alias. */
export const keyAdmin = (context: StackContext): FunctionPlan => ({
  purpose: "key-admin",
  description: "Blocks, unblocks and rotates virtual keys for a department's lead",
  place: "network",
  connects: toManagement,
  statements: [
    readSecrets(context, "ReadMasterKey", secretPurposes.masterKey),
    ownSecrets(context),
    allow("StartRotation", {
      Action: "secretsmanager:RotateSecret",
      Resource: virtualKeys(context),
    }),
    allow("LetRotationRun", {
      Action: "lambda:InvokeFunction",
      Resource: context.arns.lambda(context.names.lambda("key-rotation")),
    }),
    ...readDeclaredState(context),
  ],
});

/** Probes the gateway with a virtual key of its own. */
export const gatewayCanary = (context: StackContext): ScheduledFunction => ({
  purpose: "gateway-canary",
  description: "Calls the gateway with a virtual key of its own",
  place: "network",
  connects: { ...toApi, ...toManagement },
  schedule: { expression: "rate(1 minute)" },
  timeout: 50,
  statements: [
    readSecrets(context, "ReadCanaryKey", canaryPurpose),
    ownSecrets(context),
    allow("PublishMetrics", {
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": canaryNamespace } },
    }),
  ],
});

/** Runs the migration task of LiteLLM's schema. */
export const gatewayMigration = (context: StackContext): FunctionPlan => ({
  purpose: "task-runner",
  physicalPurpose: "gateway-migration",
  description: "Runs the gateway's migration task and waits for it",
  place: "network",
  timeout: 900,
  statements: migrationStatements(context),
});

/** Runs batches inside budgets. */
export const batchRunner = (context: StackContext, models: TierChoice): ScheduledFunction => ({
  purpose: batchRunnerPurpose,
  description: "Runs batches inside budgets: reserves, starts, follows, stops, books",
  place: "network",
  connects: toManagement,
  schedule: { expression: "rate(5 minutes)" },
  timeout: 900,
  // Holds the answers of one batch while it sorts them.
  memory: 2048,
  statements: batchRunnerStatements(context, models),
});

/** Alias of the key that signs the load balancer's private certificate. */
export const authorityAlias = ({ names }: StackContext): string => names.keyAlias("certificate-authority");

/** Issues the load balancer's private certificate for `host`. ACM's API has no endpoint in the network. */
export const certificateIssuer = (context: StackContext, host: string): ScheduledFunction => ({
  purpose: "certificate",
  description: "Issues and renews the certificate of the gateway's load balancer",
  place: "outside",
  schedule: { expression: "rate(1 day)", windowMinutes: 60, input: JSON.stringify({ host }) },
  // The wait for the authority's key, which is as new as the function, and two minutes of work.
  timeout: 480,
  statements: [
    signAsAuthority(context, "certificate-authority"),
    allow("ImportCertificate", {
      Action: ["acm:ImportCertificate", "acm:AddTagsToCertificate"],
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestTag/Stack": context.stack } },
    }),
    allow("RenewOwnCertificate", {
      Action: ["acm:ImportCertificate", "acm:GetCertificate", "acm:DeleteCertificate"],
      Resource: context.arns.regional("acm", "certificate/*"),
      Condition: {
        StringEquals: {
          "aws:ResourceTag/Stack": context.stack,
          "aws:ResourceTag/Organization": context.organization,
        },
      },
    }),
    allow("FindOwnCertificate", { Action: "acm:ListCertificates", Resource: "*" }),
  ],
});

/** All functions of a gateway with these models and the DNS name `host`. */
export const gatewayFunctions = (context: StackContext, models: TierChoice, host: string): readonly FunctionPlan[] => [
  ...[accessReconciler, keyRotation, keyAdmin, gatewayCanary, gatewayMigration].map((plan) => plan(context)),
  batchRunner(context, models),
  certificateIssuer(context, host),
];
