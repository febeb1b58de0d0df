import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fit, iamPath, tags, type StackSpec } from "../../config";
import { document, type Statement } from "../policy-document";
import { planTrust, recentMfaSeconds, withMfa } from "./human-trust";

/** Arguments of {@link HumanRole}. */
export interface HumanRoleArgs {
  readonly spec: StackSpec;
  /** Known physical name of the role, or of the group with `mfaMode: iam-user`. */
  readonly physicalName: string;
  /** One sentence in Latin-1. */
  readonly description: string;
  readonly purpose: string;
  /** Sign-in names of those who may take it up. */
  readonly people: readonly string[];
  /** True where the policy itself tells people apart by their name, so that no list of them has to fit into a trust policy. */
  readonly byOwnName?: boolean;
  readonly statements: readonly Statement[];
  readonly boundaryArn: pulumi.Input<string>;
  /** Seconds since the MFA; default one hour. */
  readonly mfaSeconds?: number;
  /** Hours for which the role can be held; default 1. */
  readonly hours?: number;
}

/**
 * Permissions of people, who prove themselves by MFA each time. With `assume-role` and `identity-center` it is a role whose trust asks for the
 * proof; with `iam-user` a group of existing IAM users whose every permission asks for it. No user is made here.
 */
export class HumanRole extends pulumi.ComponentResource {
  constructor(name: string, args: HumanRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:access:HumanRole", name, {}, opts);
    if (args.spec.platform.mfaMode === "iam-user") this.#group(name, args);
    else this.#role(name, args);
    this.registerOutputs({});
  }

  #role(name: string, args: HumanRoleArgs): void {
    const { spec, mfaSeconds = recentMfaSeconds } = args;
    const { platform } = spec;
    const child = { parent: this };
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: args.physicalName,
        path: iamPath,
        description: args.description,
        assumeRolePolicy: planTrust({
          platform,
          mfaSeconds,
          ...(args.byOwnName === true ? {} : { people: args.people }),
        }),
        permissionsBoundary: args.boundaryArn,
        maxSessionDuration: (args.hours ?? 1) * 3600,
        tags: tags(spec, { Purpose: args.purpose }),
      },
      child,
    );
    new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.name, name: args.purpose, policy: document(...args.statements) },
      child,
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
          tags: tags(args.spec, { Purpose: args.purpose }),
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
      // Nobody joins a group whose policy does not stand yet.
      { ...child, dependsOn: attached },
    );
  }
}

/** IAM's limit on a managed policy, in characters. A group's own policies may have 5,120 together, which an operator's do not fit into. */
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
