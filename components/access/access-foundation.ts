import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AccessFacts, KeyFacts } from "../facts";
import { iamPath, type PlatformSpec } from "../../config";
import { logGroup, type StackContext } from "../kit";
import type { Statement } from "../policy-document";
import { PrivateBucket } from "../storage";
import { HumanRole } from "./human-role";
import type { MfaSettings } from "./human-trust";
import { planCodeServerDocument, planShellDocument, planSshDocument, preferencesDocument } from "./session-documents";

/** Permission boundaries of an account. */
export type BoundaryKind = "human" | "workload" | "gateway" | "bedrock-batch";

/** A team with a role of its own. */
export interface Team {
  /** Sign-in names. */
  readonly people: readonly string[];
  readonly statements: readonly Statement[];
}

/** Arguments of {@link AccessFoundation}. */
export interface AccessFoundationArgs {
  readonly context: StackContext;
  readonly mfa: MfaSettings;
  /** `logs` encrypts session logs, `sessions` the data channel. */
  readonly keys: Pick<KeyFacts, "logs" | "sessions">;
  /** Policy documents of the boundaries, as JSON. */
  readonly boundaries: Readonly<Record<BoundaryKind, string>>;
  /** The infrastructure team day by day, and the security team. */
  readonly teams: Readonly<Record<"operator" | "auditor", Team>>;
  /**
   * Keeps session logs under Object Lock in compliance mode until their retention ends; default
   * true.
   */
  readonly legalHold?: boolean;
  /**
   * Makes the shell document the default of every session in the account and region; default false.
   * For an account of this program alone.
   */
  readonly accountPreferences?: boolean;
  /** Account-wide resources that exist already and are imported; default none. */
  readonly adopt?: PlatformSpec["adopt"];
}

/** Name and description of each team's role. */
const teamRoles = {
  operator: { purpose: "operator", description: "Infrastructure team, day by day" },
  auditor: { purpose: "auditor", description: "Security team: reads settings, logs and evidence" },
} as const;

/**
 * The access foundation of an account: every role's permission boundary, the session documents with
 * their logs, and the roles of infrastructure and security team.
 *
 * Cost: storage of session logs.
 */
export class AccessFoundation extends pulumi.ComponentResource {
  readonly facts: AccessFacts;

  constructor(name: string, args: AccessFoundationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:access:AccessFoundation", name, {}, opts);
    const sessionKeyArn = args.keys.sessions;
    if (sessionKeyArn === undefined) throw new pulumi.ResourceError("keys.sessions is missing: KeyRing makes it", this);
    const boundary = (kind: BoundaryKind) => this.#boundary(name, args, kind);
    const humanBoundaryArn = boundary("human");
    this.#teams(name, args, humanBoundaryArn);
    const logs = this.#sessionLogs(name, args);
    const shell = pulumi.jsonStringify(
      planShellDocument({ bucket: logs.bucket, logGroup: logs.group, keyArn: sessionKeyArn }),
    );

    this.facts = {
      ...this.#documents(name, args, shell),
      humanBoundaryArn,
      workloadBoundaryArn: boundary("workload"),
      gatewayBoundaryArn: boundary("gateway"),
      batchBoundaryArn: boundary("bedrock-batch"),
      sessionKeyArn,
      sessionLogGroupName: logs.group,
      sessionLogBucket: logs.bucket,
    };
    this.registerOutputs({ ...this.facts });
  }

  #boundary(name: string, { context, boundaries }: AccessFoundationArgs, kind: BoundaryKind): pulumi.Output<string> {
    return new aws.iam.Policy(
      `${name}-boundary-${kind}`,
      {
        name: context.names.boundary(kind),
        path: iamPath,
        description: `The most that any ${kind} role of Cline can do`,
        policy: boundaries[kind],
        tags: context.tags({ Purpose: "boundary" }),
      },
      { parent: this },
    ).arn;
  }

  #documents(name: string, { context, accountPreferences, adopt }: AccessFoundationArgs, shell: pulumi.Output<string>) {
    const session = (content: pulumi.Input<string>) => ({
      documentType: "Session",
      documentFormat: "JSON",
      content,
      tags: context.tags({ Purpose: "session" }),
    });
    const document = (kind: "shell" | "code-server" | "ssh", content: pulumi.Input<string>): pulumi.Output<string> =>
      new aws.ssm.Document(
        `${name}-document-${kind}`,
        { name: context.names.sessionDocument(kind), ...session(content) },
        { parent: this },
      ).name;
    if (accountPreferences) {
      new aws.ssm.Document(
        `${name}-preferences`,
        { name: preferencesDocument, ...session(shell) },
        {
          parent: this,
          retainOnDelete: true,
          ...(adopt?.includes("session-preferences") && {
            import: preferencesDocument,
            ignoreChanges: ["content", "tags"],
          }),
        },
      );
    }
    return {
      shellDocument: document("shell", shell),
      codeServerDocument: document("code-server", planCodeServerDocument()),
      sshDocument: document("ssh", planSshDocument()),
    };
  }

  #teams(name: string, { context, mfa, teams }: AccessFoundationArgs, boundaryArn: pulumi.Output<string>): void {
    const { names } = context;
    const roleNames = {
      operator: names.operatorRole(),
      auditor: names.auditorRole(),
    };
    for (const team of ["operator", "auditor"] as const) {
      new HumanRole(
        `${name}-${teamRoles[team].purpose}`,
        { context, mfa, boundaryArn, physicalName: roleNames[team], ...teamRoles[team], ...teams[team] },
        { parent: this },
      );
    }
  }

  #sessionLogs(name: string, { context, keys, legalHold = true }: AccessFoundationArgs) {
    const purpose = "session-logs";
    const bucket = new PrivateBucket(
      `${name}-session-logs`,
      {
        context,
        purpose,
        key: keys.logs,
        retentionDays: context.retentionDays[purpose],
        legalHold,
        outsidePrincipals: [context.arns.role(context.names.auditorRole())],
      },
      { parent: this },
    );
    const tags = context.tags({ Purpose: purpose });
    const group = logGroup(
      `${name}-session-log-group`,
      { context, groupName: context.names.logGroup(purpose), keys, retention: purpose, tags },
      { parent: this, retainOnDelete: legalHold },
    );
    return { bucket: bucket.bucketName, group: group.name };
  }
}
