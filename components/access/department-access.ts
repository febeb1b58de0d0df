import * as pulumi from "@pulumi/pulumi";
import { names, type DepartmentSpec, type StackSpec } from "../../config";
import type { AccessFacts, GatewayFacts, KeyFacts } from "../facts";
import { HumanRole } from "./human-role";
import { planLeadPolicy, planSessionPolicy } from "./workspace-statements";

/** Arguments of {@link DepartmentAccess}. */
export interface DepartmentAccessArgs {
  readonly spec: StackSpec;
  readonly access: AccessFacts;
  readonly gateway: GatewayFacts;
  readonly keys: KeyFacts;
}

/**
 * Who may do what in a department: its developers open sessions in their own workspace, its lead and deputies look after the department's
 * workspaces, keys and reports. Both ask for MFA and reach no other department.
 */
export class DepartmentAccess extends pulumi.ComponentResource {
  constructor(name: string, args: DepartmentAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:access:DepartmentAccess", name, {}, opts);
    const { spec, access } = args;
    const department = departmentOf(spec);
    const known = names(spec.platform.organization);
    const child = { parent: this };

    new HumanRole(
      `${name}-session`,
      {
        spec,
        physicalName: known.sessionRole(department.name),
        description: `Developers of ${department.name} open sessions in their own workspace`,
        purpose: "session",
        people: department.developers.map((developer) => developer.signIn),
        byOwnName: true,
        statements: planSessionPolicy(spec, department.name),
        boundaryArn: access.humanBoundaryArn,
        hours: 4,
      },
      child,
    );
    new HumanRole(
      `${name}-lead`,
      {
        spec,
        physicalName: known.leadRole(department.name),
        description: `The lead of ${department.name} and deputies`,
        purpose: "lead",
        people: [department.lead, ...department.deputies],
        statements: planLeadPolicy(spec, department.name),
        boundaryArn: access.humanBoundaryArn,
      },
      child,
    );
    this.registerOutputs({});
  }
}

function departmentOf(spec: StackSpec): DepartmentSpec {
  if (spec.department === undefined) throw new Error(`${spec.stack} is a platform: it has no department's access`);
  return spec.department;
}
