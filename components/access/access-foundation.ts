import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, iamPath, names, tags, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { AccessFacts, KeyFacts } from "../facts";
import { PrivateBucket } from "../storage";
import { planBatchBoundary, planGatewayBoundary, planHumanBoundary, planWorkloadBoundary } from "./boundaries";
import { HumanRole } from "./human-role";
import { planCodeServerDocument, planShellDocument, planSshDocument, preferencesDocument } from "./session-documents";
import { planAuditorPolicy, planBreakGlassPolicy, planOperatorPolicy } from "./team-statements";

/** Arguments of {@link AccessFoundation}. */
export interface AccessFoundationArgs {
  readonly spec: StackSpec;
  readonly keys: KeyFacts;
}

/** How old an MFA may be to break the glass, in seconds. */
const breakGlassMfaSeconds = 900;

/**
 * What access rests on in an account: the permission boundaries of every role, the session documents with their logs, and the roles of the
 * infrastructure team and of the security team.
 *
 * Cost: what the session logs take.
 */
export class AccessFoundation extends pulumi.ComponentResource {
  readonly facts: AccessFacts;

  constructor(name: string, args: AccessFoundationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:access:AccessFoundation", name, {}, opts);
    const { spec, keys } = args;
    const sessionKey = keys.sessions;
    if (sessionKey === undefined) throw new pulumi.ResourceError("keys.sessions is missing: KeyRing makes it", this);
    const boundary = (
      kind: "human" | "workload" | "gateway" | "bedrock-batch",
      policy: string,
    ): pulumi.Output<string> =>
      new aws.iam.Policy(
        `${name}-boundary-${kind}`,
        {
          name: names(spec.platform.organization).boundary(kind),
          path: iamPath,
          description: `The most that any ${kind} role of Cline can do`,
          policy,
          tags: tags(spec, { Purpose: "boundary" }),
        },
        { parent: this },
      ).arn;
    const humanBoundaryArn = boundary("human", planHumanBoundary(spec));
    const workloadBoundaryArn = boundary("workload", planWorkloadBoundary(spec));
    const gatewayBoundaryArn = boundary("gateway", planGatewayBoundary(spec));
    const batchBoundaryArn = boundary("bedrock-batch", planBatchBoundary(spec));
    this.#teams(name, spec, humanBoundaryArn);

    const logs = this.#sessionLogs(name, spec, keys);
    const shell = pulumi
      .all([logs.bucket, logs.group, sessionKey])
      .apply(([bucket, logGroup, keyArn]) => planShellDocument({ bucket, logGroup, keyArn }));
    const document = (kind: "shell" | "code-server" | "ssh", content: pulumi.Input<string>): pulumi.Output<string> =>
      new aws.ssm.Document(
        `${name}-document-${kind}`,
        {
          name: names(spec.platform.organization).sessionDocument(spec.stack, kind),
          documentType: "Session",
          documentFormat: "JSON",
          content,
          tags: tags(spec, { Purpose: "session" }),
        },
        { parent: this },
      ).name;
    if (spec.department === undefined && spec.platform.account === "dedicated") {
      new aws.ssm.Document(
        `${name}-preferences`,
        {
          name: preferencesDocument,
          documentType: "Session",
          documentFormat: "JSON",
          content: shell,
          tags: tags(spec, { Purpose: "session" }),
        },
        { parent: this, retainOnDelete: true },
      );
    }

    this.facts = {
      shellDocument: document("shell", shell),
      codeServerDocument: document("code-server", planCodeServerDocument()),
      sshDocument: document("ssh", planSshDocument()),
      humanBoundaryArn,
      workloadBoundaryArn,
      gatewayBoundaryArn,
      batchBoundaryArn,
      sessionKeyArn: sessionKey,
      sessionLogGroupName: logs.group,
      sessionLogBucket: logs.bucket,
    };
    this.registerOutputs({ ...this.facts });
  }

  #teams(name: string, spec: StackSpec, boundaryArn: pulumi.Output<string>): void {
    const { operators, auditors, organization } = spec.platform;
    const known = names(organization);
    const child = { parent: this };
    const shared = { spec, boundaryArn };
    new HumanRole(
      `${name}-operator`,
      {
        ...shared,
        physicalName: known.operatorRole(),
        description: "Infrastructure team, day by day",
        purpose: "operator",
        people: operators,
        statements: planOperatorPolicy(spec),
      },
      child,
    );
    new HumanRole(
      `${name}-auditor`,
      {
        ...shared,
        physicalName: known.auditorRole(),
        description: "Security team: reads settings, logs and evidence",
        purpose: "auditor",
        people: auditors,
        statements: planAuditorPolicy(spec),
      },
      child,
    );
    new HumanRole(
      `${name}-break-glass`,
      {
        ...shared,
        physicalName: known.breakGlassRole(),
        description: "Infrastructure team when the workflow cannot run; sets off an alarm",
        purpose: "break-glass",
        people: operators,
        statements: planBreakGlassPolicy(spec),
        mfaSeconds: breakGlassMfaSeconds,
      },
      child,
    );
  }

  #sessionLogs(name: string, spec: StackSpec, keys: KeyFacts) {
    const { retentionDays, legalHold } = spec.dataControl["session-logs"];
    const known = names(spec.platform.organization);
    const purpose = "session-logs";
    const bucket = new PrivateBucket(
      `${name}-session-logs`,
      {
        context: contextOf(spec),
        purpose,
        key: keys.logs,
        retentionDays,
        legalHold,
        outsidePrincipals: [arns(spec).role(known.auditorRole())],
      },
      { parent: this },
    );
    const group = new aws.cloudwatch.LogGroup(
      `${name}-session-log-group`,
      {
        name: known.logGroup(spec.stack, purpose),
        kmsKeyId: keys.logs,
        retentionInDays: retentionDays,
        tags: tags(spec, { Purpose: purpose }),
      },
      { parent: this, retainOnDelete: legalHold },
    );
    return { bucket: bucket.bucketName, group: group.name };
  }
}
