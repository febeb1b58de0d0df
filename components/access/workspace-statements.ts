import { hasAlias, useKey, type StackContext } from "../kit";
import { allow, type Statement } from "../policy-document";
import { accessNodePurpose } from "../traces";
import { personVariable, type MfaSettings } from "./human-trust";

type MfaMode = Pick<MfaSettings, "mfaMode">;

/** Tags that select the workspaces a user may act on. */
export type WorkspaceTags = Readonly<Record<string, string>>;

/**
 * Read permissions of every user of workspaces. EC2 and Systems Manager take no resource in these
 * calls.
 */
export function seeWorkspaces(): Statement {
  return allow("SeeWorkspaces", {
    Action: [
      "ec2:DescribeInstances",
      "ec2:DescribeInstanceStatus",
      "ssm:DescribeInstanceInformation",
      "ssm:DescribeSessions",
    ],
    Resource: "*",
  });
}

/**
 * Starts and stops the workspaces with these tags. A start needs a grant on the volumes' key;
 * without it EC2 stops the instance again.
 */
export function startAndStop(
  context: StackContext,
  tagged: WorkspaceTags,
  keyStack = context.stack,
): readonly Statement[] {
  const { arns, region } = context;
  return [
    allow("StartAndStop", {
      Action: ["ec2:StartInstances", "ec2:StopInstances"],
      Resource: arns.regional("ec2", "instance/*"),
      Condition: {
        StringEquals: {
          ...Object.fromEntries(Object.entries(tagged).map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
          "aws:ResourceTag/Purpose": "workspace",
        },
      },
    }),
    allow("GrantVolumesToStarted", {
      Action: "kms:CreateGrant",
      Resource: arns.regional("kms", "key/*"),
      Condition: {
        ...hasAlias(context.of(keyStack), "data"),
        StringEquals: { "kms:ViaService": `ec2.${region}.amazonaws.com` },
        Bool: { "kms:GrantIsForAWSResource": "true" },
      },
    }),
  ];
}

/**
 * Opens sessions in the instances with these tags, through these documents only; resumes and ends
 * the caller's own sessions. The tag identifies the caller's sessions: a session's name begins with
 * its opener's name, which may be a prefix of another user's.
 */
export function sessions(
  { arns }: StackContext,
  mfa: MfaMode,
  tagged: WorkspaceTags,
  documents: readonly string[],
): readonly Statement[] {
  return [
    allow("OpenSessions", {
      Action: ["ssm:GetConnectionStatus", "ssm:StartSession"],
      Resource: arns.regional("ec2", "instance/*"),
      Condition: {
        StringEquals: Object.fromEntries(
          Object.entries(tagged).map(([key, value]) => [`ssm:resourceTag/${key}`, value]),
        ),
        // Without it, naming a document below would restrict nothing.
        BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" },
      },
    }),
    allow("ThroughOurDocuments", { Action: "ssm:StartSession", Resource: documents.map(arns.document) }),
    allow("OwnDataChannels", {
      Action: "ssmmessages:OpenDataChannel",
      Resource: ["${aws:userid}", personVariable(mfa)].map((who) => arns.regional("ssm", `session/${who}-*`)),
    }),
    allow("OwnSessions", {
      Action: ["ssm:ResumeSession", "ssm:TerminateSession"],
      Resource: arns.regional("ssm", "session/*"),
      Condition: { StringEquals: { "ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}" } },
    }),
  ];
}

/** Langfuse of this stack through its access node: a forwarded port, never a shell. */
export function langfuseSessions(context: StackContext, mfa: MfaMode): readonly Statement[] {
  const tagged = { Purpose: accessNodePurpose, Stack: context.stack };
  return sessions(context, mfa, tagged, [context.names.sessionDocument("langfuse")]);
}

/** A lead's own account at Langfuse: the secret that carries the caller's name. */
export const ownLangfuseAccount = (context: StackContext, mfa: MfaMode): Statement =>
  allow("ReadOwnLangfuseAccount", {
    Action: "secretsmanager:GetSecretValue",
    Resource: context.arns.secret(context.names.langfuseAccount("*")),
    Condition: { StringEquals: { "aws:ResourceTag/Owner": personVariable(mfa) } },
  });

/** Arguments of {@link planSessionPolicy}. */
export interface SessionPlan {
  readonly context: StackContext;
  readonly mfa: MfaMode;
  readonly department: string;
  /** The stack with the session documents and the key of sessions. */
  readonly foundation: StackContext;
}

/** Permissions of a department's developers: their own workspace, and nothing else. */
export function planSessionPolicy(plan: SessionPlan): readonly Statement[] {
  const { context, mfa, department, foundation } = plan;
  const own = { Department: department, Owner: personVariable(mfa) };
  const documents = (["shell", "code-server", "ssh"] as const).map(foundation.names.sessionDocument);
  return [
    seeWorkspaces(),
    ...startAndStop(context, own),
    ...sessions(context, mfa, own, documents),
    useKey(foundation, { purpose: "sessions", actions: ["kms:GenerateDataKey"] }),
  ];
}

/** Arguments of {@link planLeadPolicy}. */
export interface LeadPlan {
  readonly context: StackContext;
  readonly mfa: MfaMode;
  readonly department: string;
  /** The stack with the department's reports and Langfuse project. */
  readonly reports: StackContext;
  /** The stack whose gateway the department uses. */
  readonly gateway: StackContext;
}

/**
 * Permissions of a department's lead: the department's workspaces, keys and reports, and Langfuse
 * with an account of the lead's own.
 */
export function planLeadPolicy(plan: LeadPlan): readonly Statement[] {
  const { context, mfa, department, gateway } = plan;
  const reports = plan.reports.arns.bucket(plan.reports.names.bucket("reports"));
  const keyAdmin = gateway.arns.lambda(gateway.names.lambda("key-admin"));
  return [
    seeWorkspaces(),
    ...startAndStop(context, { Department: department }),
    // The function takes the department from the invoked alias, never from the payload.
    allow("AdministerKeys", { Action: "lambda:InvokeFunction", Resource: `${keyAdmin}:${department}` }),
    allow("ReadReports", { Action: "s3:GetObject", Resource: `${reports}/departments/${department}/*` }),
    allow("ListReports", {
      Action: "s3:ListBucket",
      Resource: reports,
      Condition: { StringLike: { "s3:prefix": `departments/${department}/*` } },
    }),
    useKey(plan.reports, { purpose: "data", via: "s3", actions: ["kms:Decrypt"] }),
    ...langfuseSessions(plan.reports, mfa),
    ownLangfuseAccount(context, mfa),
    useKey(context, { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
  ];
}
