import { arns, names, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import { foundationStack } from "../foundation";
import { useKey } from "../kit";
import { accessNodePurpose } from "../observability/langfuse/access-node";
import { allow, type Statement } from "../policy-document";
import { personVariable } from "./human-trust";

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
export function startAndStop(spec: StackSpec, tagged: WorkspaceTags, keyStack = spec.stack): readonly Statement[] {
  const { region } = spec;
  const alias = names(spec.platform.organization).keyAlias(keyStack, "data");
  return [
    allow("StartAndStop", {
      Action: ["ec2:StartInstances", "ec2:StopInstances"],
      Resource: arns(spec).regional("ec2", "instance/*"),
      Condition: {
        StringEquals: {
          ...Object.fromEntries(Object.entries(tagged).map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
          "aws:ResourceTag/Purpose": "workspace",
        },
      },
    }),
    allow("GrantVolumesToStarted", {
      Action: "kms:CreateGrant",
      Resource: arns(spec).regional("kms", "key/*"),
      Condition: {
        [keyStack.includes("*") ? "ForAnyValue:StringLike" : "ForAnyValue:StringEquals"]: {
          "kms:ResourceAliases": alias,
        },
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
export function sessions(spec: StackSpec, tagged: WorkspaceTags, documents: readonly string[]): readonly Statement[] {
  const arn = arns(spec);
  return [
    allow("OpenSessions", {
      Action: ["ssm:GetConnectionStatus", "ssm:StartSession"],
      Resource: arn.regional("ec2", "instance/*"),
      Condition: {
        StringEquals: Object.fromEntries(
          Object.entries(tagged).map(([key, value]) => [`ssm:resourceTag/${key}`, value]),
        ),
        // Without it, naming a document below would restrict nothing.
        BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" },
      },
    }),
    allow("ThroughOurDocuments", { Action: "ssm:StartSession", Resource: documents.map(arn.document) }),
    allow("OwnDataChannels", {
      Action: "ssmmessages:OpenDataChannel",
      Resource: ["${aws:userid}", personVariable(spec.platform)].map((who) => arn.regional("ssm", `session/${who}-*`)),
    }),
    allow("OwnSessions", {
      Action: ["ssm:ResumeSession", "ssm:TerminateSession"],
      Resource: arn.regional("ssm", "session/*"),
      Condition: { StringEquals: { "ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}" } },
    }),
  ];
}

/** Langfuse through its access node: a forwarded port, never a shell. */
export function langfuseSessions(spec: StackSpec, stack: string): readonly Statement[] {
  const document = names(spec.platform.organization).sessionDocument(stack, "langfuse");
  return sessions(spec, { Purpose: accessNodePurpose, Stack: stack }, [document]);
}

/** Permissions of a department's developers: their own workspace, and nothing else. */
export function planSessionPolicy(spec: StackSpec, department: string): readonly Statement[] {
  const known = names(spec.platform.organization);
  const foundation = foundationStack(spec);
  const own = { Department: department, Owner: personVariable(spec.platform) };
  const documents = (["shell", "code-server", "ssh"] as const).map((kind) => known.sessionDocument(foundation, kind));
  return [
    seeWorkspaces(),
    ...startAndStop(spec, own),
    ...sessions(spec, own, documents),
    useKey(contextOf(spec), { stack: foundation, purpose: "sessions", actions: ["kms:GenerateDataKey"] }),
  ];
}

/**
 * Permissions of a department's lead: the department's workspaces, keys, reports and Langfuse
 * project.
 */
export function planLeadPolicy(spec: StackSpec, department: string): readonly Statement[] {
  const known = names(spec.platform.organization);
  const arn = arns(spec);
  const { accountId, region, platform } = spec;
  const stackOf = (own: boolean) => (own ? spec.stack : platform.stack);
  const reportStack = stackOf(spec.observability !== undefined);
  const reports = arn.bucket(known.bucket(reportStack, "reports", accountId, region));
  const keyAdmin = arn.lambda(known.lambda(stackOf(spec.gateway !== undefined), "key-admin"));
  return [
    seeWorkspaces(),
    ...startAndStop(spec, { Department: department }),
    // The function takes the department from the invoked alias, never from the payload.
    allow("AdministerKeys", { Action: "lambda:InvokeFunction", Resource: `${keyAdmin}:${department}` }),
    allow("ReadReports", { Action: "s3:GetObject", Resource: `${reports}/departments/${department}/*` }),
    allow("ListReports", {
      Action: "s3:ListBucket",
      Resource: reports,
      Condition: { StringLike: { "s3:prefix": `departments/${department}/*` } },
    }),
    useKey(contextOf(spec), { stack: reportStack, purpose: "data", via: "s3", actions: ["kms:Decrypt"] }),
    ...langfuseSessions(spec, reportStack),
  ];
}
