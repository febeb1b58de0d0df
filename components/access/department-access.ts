import * as pulumi from "@pulumi/pulumi";
import type { AccessFacts } from "../facts";
import type { StackContext } from "../kit";
import type { Statement } from "../policy-document";
import { HumanRole } from "./human-role";
import type { MfaSettings } from "./human-trust";

/** Arguments of {@link DepartmentAccess}. The department's stack has the department's name. */
export interface DepartmentAccessArgs {
  readonly context: StackContext;
  readonly mfa: MfaSettings;
  /** Sign-in names of the developers. */
  readonly developers: readonly string[];
  /** Sign-in names of the lead and the deputies. */
  readonly leads: readonly string[];
  /** Permissions of a developer; they identify the developer by name. */
  readonly sessionStatements: readonly Statement[];
  /** Permissions of the lead and the deputies. */
  readonly leadStatements: readonly Statement[];
  readonly access: Pick<AccessFacts, "humanBoundaryArn">;
}

/**
 * The roles of a department. Developers open sessions in their own workspace; the lead and the
 * deputies manage the department's workspaces, keys and reports. Both roles require MFA and reach
 * no other department.
 */
export class DepartmentAccess extends pulumi.ComponentResource {
  constructor(name: string, args: DepartmentAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:access:DepartmentAccess", name, {}, opts);
    const { context, mfa, access } = args;
    const child = { parent: this };
    const shared = { context, mfa, boundaryArn: access.humanBoundaryArn };

    new HumanRole(
      `${name}-session`,
      {
        ...shared,
        physicalName: context.names.sessionRole(),
        description: `Developers of ${context.stack} open sessions in their own workspace`,
        purpose: "session",
        people: args.developers,
        byOwnName: true,
        statements: args.sessionStatements,
        hours: 4,
      },
      child,
    );
    new HumanRole(
      `${name}-lead`,
      {
        ...shared,
        physicalName: context.names.leadRole(),
        description: `The lead of ${context.stack} and deputies`,
        purpose: "lead",
        people: args.leads,
        statements: args.leadStatements,
      },
      child,
    );
    this.registerOutputs({});
  }
}
