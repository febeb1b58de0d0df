import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { iamPath } from "../../config";
import { document, serviceTrust, type Statement } from "../policy-document";
import type { StackContext } from "./context";

/** Arguments of {@link boundedRole}. */
export interface BoundedRoleArgs {
  /** Physical name, from `context.names`. */
  readonly roleName: string;
  /** One sentence in Latin-1. */
  readonly description: string;
  /** Trust policy: {@link accountTrust} or `serviceTrust`. */
  readonly trust: string;
  /** Permission boundary; every role has one. */
  readonly boundaryArn: pulumi.Input<string>;
  /** Permissions; without any the role has no policy. */
  readonly statements: readonly (Statement | undefined)[];
  /** Physical name of the policy; default Pulumi's. */
  readonly policyName?: string;
  /** Maximum session duration in seconds; default AWS's 3,600. */
  readonly maxSessionSeconds?: number;
  readonly tags: Record<string, string>;
}

/** A role with its policies: resources that use the role depend on them. */
export interface BoundedRole {
  readonly role: aws.iam.Role;
  /** One policy, or none without statements. */
  readonly policies: aws.iam.RolePolicy[];
}

/**
 * A role: trust, permission boundary and one inline policy. The policy's logical name is the
 * role's, with `-policy` instead of `-role`, or appended.
 */
export function boundedRole(name: string, args: BoundedRoleArgs, opts: pulumi.CustomResourceOptions): BoundedRole {
  const role = new aws.iam.Role(
    name,
    {
      name: args.roleName,
      path: iamPath,
      description: args.description,
      assumeRolePolicy: args.trust,
      permissionsBoundary: args.boundaryArn,
      ...(args.maxSessionSeconds !== undefined && { maxSessionDuration: args.maxSessionSeconds }),
      tags: args.tags,
    },
    opts,
  );
  const statements = args.statements.filter((entry) => entry !== undefined);
  if (statements.length === 0) return { role, policies: [] };
  const policy = new aws.iam.RolePolicy(
    `${name.replace(/-role$/, "")}-policy`,
    { role: role.name, policy: document(...statements), ...(args.policyName && { name: args.policyName }) },
    opts,
  );
  return { role, policies: [policy] };
}

/**
 * Trust policy of a role that one AWS service assumes. It compares aws:SourceAccount with this
 * account and, where given, aws:SourceArn with `sourceArn` (a pattern). For services that send
 * both; EC2 and Lambda send neither and take {@link serviceTrust}.
 */
export function accountTrust(context: Pick<StackContext, "accountId">, service: string, sourceArn?: string): string {
  return serviceTrust(service, {
    StringEquals: { "aws:SourceAccount": context.accountId },
    ...(sourceArn !== undefined && { ArnLike: { "aws:SourceArn": sourceArn } }),
  });
}
