import { modelArns, modelTiers } from "../../config";
import { people } from "../actions/people";
import { guardrailAction } from "../actions/facts";
import type { ActionScope } from "../actions/scope";
import { conditionalActions, workloadActions } from "../actions/table";
import { embeddingArns, guardrailArns, type TierChoice } from "../gateway/models";
import type { StackContext } from "../kit";
import { allow, deny, document, type Conditions, type Statement } from "../policy-document";
import { withMfa, type MfaSettings } from "./human-trust";
import { ownLangfuseAccount } from "./workspace-statements";

/** What a workload's boundary depends on. */
export interface BoundaryScope extends ActionScope {
  /** The account pays the organization's bill, so its bill reader may read it. */
  readonly payingAccount: boolean;
}

/**
 * A role of any stack by its purpose. Workspace roles are excluded: a developer's id may equal a
 * workload's purpose.
 */
function workloadRole({ arns, organization }: StackContext, purpose: string): Conditions {
  const role = (name: string) => arns.role(`${organization}-${name}`);
  return { ArnLike: { "aws:PrincipalArn": role(`*-${purpose}`) }, ArnNotLike: { "aws:PrincipalArn": role("ws-*") } };
}

function workloadStatements(scope: BoundaryScope): readonly Statement[] {
  const { context } = scope;
  const { arns, organization } = context;
  return [
    allow("OwnAccount", {
      Action: [
        ...workloadActions(scope),
        ...(scope.payingAccount ? conditionalActions(scope, "bill-reader", "ce") : []),
      ],
      Resource: "*",
      Condition: { StringEqualsIfExists: { "aws:ResourceAccount": context.accountId } },
    }),
    allow("RunTasks", {
      Action: "iam:PassRole",
      Resource: arns.role(`${organization}-*`),
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    }),
    allow("StopBudgets", {
      Action: conditionalActions(scope, "budget-stop", "iam"),
      Resource: ["gateway-task", "batch-runner"].map((purpose) => arns.role(`${organization}-*-${purpose}`)),
      Condition: workloadRole(context, "budget-stop"),
    }),
    allow("StartBatches", {
      Action: conditionalActions(scope, "batch-runner", "bedrock"),
      Resource: [arns.regional("bedrock", "model-invocation-job/*"), "arn:aws:bedrock:*::foundation-model/*"],
      Condition: workloadRole(context, "batch-runner"),
    }),
    allow("GiveBatchItsRole", {
      Action: "iam:PassRole",
      Resource: arns.role(`${organization}-*-bedrock-batch`),
      Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
    }),
    // Requests with an instance's credentials carry the VPC the instance runs in; from any other
    // VPC they are stolen.
    deny("InstanceCredentialsStayHome", {
      Action: "*",
      Resource: "*",
      Condition: {
        Null: { "aws:Ec2InstanceSourceVpc": "false" },
        StringNotEquals: { "aws:SourceVpc": "${aws:Ec2InstanceSourceVpc}" },
        BoolIfExists: { "aws:ViaAWSService": "false" },
      },
    }),
  ];
}

/**
 * Permission boundary of a workload's role: the actions above, on this account's resources. It
 * allows no model, and admits an instance's credentials from inside its own network only.
 */
export function planWorkloadBoundary(scope: BoundaryScope): string {
  return document(...workloadStatements(scope));
}

/**
 * The workload boundary with models, for the gateway's tasks alone: the catalogue's models, through
 * this organization's profiles, from inside a network.
 */
export function planGatewayBoundary(scope: BoundaryScope): string {
  const { arns, organization, region, accountId } = scope.context;
  const models = [
    ...modelTiers.flatMap((tier) => modelArns({ ...scope.models, region, accountId }, tier).foundationModels),
    ...embeddingArns(scope.context, scope.models),
  ];
  const invoke = conditionalActions(scope, "gateway-task", "bedrock").filter((each) => each !== guardrailAction);
  const guardrails = guardrailArns(scope.context, scope.models);
  const inside = { StringLike: { "aws:SourceVpc": "vpc-*" } };
  return document(
    ...workloadStatements(scope),
    allow("Profiles", {
      Action: invoke,
      Resource: arns.regional("bedrock", "application-inference-profile/*"),
      Condition: { ...inside, StringEquals: { "aws:ResourceTag/Organization": organization } },
    }),
    allow("Models", { Action: invoke, Resource: [...new Set(models)], Condition: inside }),
    guardrails.length > 0
      ? allow("Guardrails", { Action: guardrailAction, Resource: guardrails, Condition: inside })
      : undefined,
  );
}

/**
 * Permission boundary of the role that Bedrock assumes for batch jobs: batch files, and the
 * catalogue's models through the residency's profiles. Bedrock runs in its own network, so the
 * boundary has no network condition; the role's trust policy admits Bedrock's batch jobs alone.
 */
export function planBatchBoundary(context: StackContext, choice: TierChoice): string {
  const { arns, organization, region, accountId } = context;
  const models = modelTiers.map((tier) => modelArns({ ...choice, region, accountId }, tier));
  const profiles = [...new Set(models.map(({ inferenceProfile }) => inferenceProfile))];
  return document(
    allow("Files", {
      Action: ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
      // The purpose is in the middle of a bucket's name; the part before it may be shortened.
      Resource: arns.bucket(`${organization}-*`),
      Condition: { StringEquals: { "aws:ResourceAccount": accountId } },
    }),
    allow("Keys", {
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: arns.regional("kms", "key/*"),
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    }),
    allow("Profiles", { Action: "bedrock:InvokeModel", Resource: profiles }),
    allow("Models", {
      Action: "bedrock:InvokeModel",
      Resource: [...new Set(models.flatMap(({ foundationModels }) => foundationModels))],
      Condition: { ArnEquals: { "bedrock:InferenceProfileArn": profiles } },
    }),
  );
}

/**
 * Permission boundary of a human role: the actions above on this account's resources, the secret of
 * the caller's own account at Langfuse, and sessions under the caller's name through named documents.
 */
export function planHumanBoundary(context: StackContext, mfa: Pick<MfaSettings, "mfaMode">): string {
  const { arns, organization, accountId } = context;
  const most = [
    allow("OwnAccount", {
      Action: people,
      Resource: "*",
      Condition: { StringEqualsIfExists: { "aws:ResourceAccount": accountId } },
    }),
    ownLangfuseAccount(context.of("*"), mfa),
    allow("SessionsThroughNamedDocuments", {
      Action: "ssm:StartSession",
      Resource: [arns.regional("ec2", "instance/*"), arns.document(`${organization}-*`)],
      Condition: { BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } },
    }),
  ];
  // IAM users' own requests carry the MFA keys; a role's requests never do.
  return document(...(mfa.mfaMode === "iam-user" ? withMfa(most) : most));
}
