import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fit, iamPath } from "../../config";
import { boundedRole, type StackContext } from "../kit";
import { document, type Statement } from "../policy-document";
import { planTrust, recentMfaSeconds, withMfa, type MfaSettings } from "./human-trust";

/** Arguments of {@link HumanRole}. */
export interface HumanRoleArgs {
  readonly context: StackContext;
  readonly mfa: MfaSettings;
  /** Known physical name of the role, or of the group with `mfaMode: iam-user`. */
  readonly physicalName: string;
  /** One sentence in Latin-1. */
  readonly description: string;
  readonly purpose: string;
  /** Sign-in names of the users who may assume it. */
  readonly people: readonly string[];
  /**
   * True where the policy identifies users by name, so that the trust policy needs no list of them;
   * default false.
   */
  readonly byOwnName?: boolean;
  readonly statements: readonly Statement[];
  readonly boundaryArn: pulumi.Input<string>;
  /** Maximum age of the MFA in seconds; default one hour. */
  readonly mfaSeconds?: number;
  /** Maximum session duration in hours; default 1. */
  readonly hours?: number;
}

/**
 * Permissions of a group of users, with MFA each time. With `assume-role` and `identity-center` it
 * is a role whose trust policy requires MFA. With `iam-user` it is a group of existing IAM users,
 * and each of its permissions requires MFA. It creates no user.
 */
export class HumanRole extends pulumi.ComponentResource {
  constructor(name: string, args: HumanRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:access:HumanRole", name, {}, opts);
    if (args.mfa.mfaMode === "iam-user") this.#group(name, args);
    else this.#role(name, args);
    this.registerOutputs({});
  }

  #role(name: string, args: HumanRoleArgs): void {
    const { context, mfa, mfaSeconds = recentMfaSeconds } = args;
    boundedRole(
      `${name}-role`,
      {
        roleName: args.physicalName,
        description: args.description,
        trust: planTrust({ mfa, mfaSeconds, ...(args.byOwnName === true ? {} : { people: args.people }) }),
        boundaryArn: args.boundaryArn,
        statements: args.statements,
        policyName: args.purpose,
        maxSessionSeconds: (args.hours ?? 1) * 3600,
        tags: context.tags({ Purpose: args.purpose }),
      },
      { parent: this },
    );
  }

  #group(name: string, args: HumanRoleArgs): void {
    const child = { parent: this };
    const group = new aws.iam.Group(`${name}-group`, { name: args.physicalName, path: iamPath }, child);
    const policies = withinLimit(withMfa(args.statements, args.mfaSeconds ?? recentMfaSeconds));
    const attached = policies.map((policy, at) => {
      const managed = new aws.iam.Policy(
        `${name}-policy-${String(at + 1)}`,
        {
          name: fit(128, args.physicalName, String(at + 1)),
          path: iamPath,
          description: args.description,
          policy,
          tags: args.context.tags({ Purpose: args.purpose }),
        },
        child,
      );
      return new aws.iam.GroupPolicyAttachment(
        `${name}-policy-${String(at + 1)}`,
        { group: group.name, policyArn: managed.arn },
        child,
      );
    });
    new aws.iam.GroupMembership(
      `${name}-members`,
      { name: args.physicalName, group: group.name, users: [...args.people] },
      // Users join the group after its policy exists.
      { ...child, dependsOn: attached },
    );
  }
}

/**
 * IAM's limit on a managed policy, in characters. A group's inline policies share 5,120 characters,
 * too few for an operator's.
 */
const managedPolicyLimit = 6144;

/** The statements in as few documents as fit, in order. */
function withinLimit(statements: readonly Statement[]): string[] {
  const documents: Statement[][] = [];
  for (const entry of statements) {
    const last = documents.at(-1);
    if (last !== undefined && document(...last, entry).length <= managedPolicyLimit) last.push(entry);
    else documents.push([entry]);
  }
  return documents.map((part) => document(...part));
}
