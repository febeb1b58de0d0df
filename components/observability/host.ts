import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { iamPath } from "../../config";
import type { AccessFacts } from "../facts";
import { boundedRole, type StackContext } from "../kit";
import { serviceTrust, type Statement } from "../policy-document";

/** Arguments of {@link hostProfile}. */
export interface HostProfileArgs {
  readonly context: StackContext;
  /** Name of role and instance profile, and their tag. */
  readonly purpose: string;
  /** One sentence in Latin-1. */
  readonly description: string;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  readonly statements: readonly Statement[];
}

/** An instance profile with a role of its own; the instance depends on `policies`. */
export function hostProfile(name: string, args: HostProfileArgs, opts: pulumi.CustomResourceOptions) {
  const { context, purpose, description, access, statements } = args;
  const roleName = context.names.role(purpose);
  const tags = context.tags({ Purpose: purpose });
  const { role, policies } = boundedRole(
    `${name}-role`,
    {
      roleName,
      description,
      trust: serviceTrust("ec2.amazonaws.com"),
      boundaryArn: access.workloadBoundaryArn,
      statements,
      tags,
    },
    opts,
  );
  const profile = new aws.iam.InstanceProfile(
    `${name}-profile`,
    { name: roleName, path: iamPath, role: role.name, tags },
    opts,
  );
  return { profile, policies };
}
