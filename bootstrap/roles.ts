import { iamPath, type Issuer, type StackSpec } from "../config";
import { planTrust } from "../components/access/human-trust";
import { allow, document, type Statement } from "../components/policy-document";
import type { StackContext } from "../components/kit";
import { policyValue, resource, tagList, type Resource } from "./cloudformation";
import { planDeployerIdentity, planDeployerServices } from "./deployer";
import { workflowTrust } from "./issuer";
import { planDeploymentBoundary } from "./limits";
import { useState } from "./state-use";

/**
 * Longest session of the deployer and of the break-glass role, in seconds: longer than the
 * workflow's longest job, so that no credentials expire in the middle of an `up`.
 */
export const deployerSessionSeconds = 4 * 3600;

/** Maximum age of the MFA when an operator assumes the break-glass role, in seconds. */
const breakGlassMfaSeconds = 900;

interface RolePlan {
  /** The account's own context. */
  readonly context: StackContext;
  /** The platform's, which names state bucket and key. */
  readonly platform: StackContext;
  readonly spec: StackSpec;
  readonly issuer: Issuer | undefined;
}

/** The three roles with their policies, by logical id. */
export function planRoles(plan: RolePlan): Readonly<Record<string, Resource>> {
  const { context, platform, spec, issuer } = plan;
  const { names, arns } = context;
  return {
    Boundary: managed(names.boundary("deployment"), planDeploymentBoundary(context, platform)),
    DeployerServices: managed(`${names.deployerRole()}-services`, planDeployerServices(context)),
    DeployerIdentity: managed(`${names.deployerRole()}-identity`, planDeployerIdentity(context, platform)),
    DeployerRole: role(context, {
      name: names.deployerRole(),
      description: "Runs pulumi up: the protected workflow, or a person with the break-glass role",
      trust: deployerTrust(context, issuer),
      policies: ["DeployerServices", "DeployerIdentity"],
      sessionSeconds: deployerSessionSeconds,
    }),
    ...(issuer && {
      AuditWorkflowRole: role(context, {
        name: names.auditWorkflowRole(),
        description: "Reads the state: plans before approval, and the nightly audit",
        trust: document(workflowTrust(context.accountId, issuer, "audit")),
        inline: document(
          ...useState(platform, "plan"),
          allow("Checks", { Action: ["servicequotas:Get*", "servicequotas:List*"], Resource: "*" }),
        ),
      }),
    }),
    BreakGlassRole: role(context, {
      name: names.breakGlassRole(),
      description: "Infrastructure team when the workflow cannot run; sets off an alarm",
      trust: planTrust({ mfa: breakGlassMfa(spec), people: spec.platform.operators, mfaSeconds: breakGlassMfaSeconds }),
      inline: document(
        allow("DeployByHand", {
          Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
          Resource: arns.role(names.deployerRole()),
        }),
      ),
      sessionSeconds: deployerSessionSeconds,
    }),
  };
}

/** IAM users prove MFA to a role's trust in both of their modes. */
function breakGlassMfa({ platform }: StackSpec) {
  return { ...platform, mfaMode: platform.mfaMode === "iam-user" ? ("assume-role" as const) : platform.mfaMode };
}

/** The workflow's protected environment, and the break-glass role under its person's name. */
function deployerTrust({ accountId, arns, names }: StackContext, issuer: Issuer | undefined): string {
  return document(
    issuer && workflowTrust(accountId, issuer, "production"),
    allow("BreakGlass", {
      Principal: { AWS: arns.root },
      Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
      Condition: {
        ArnEquals: { "aws:PrincipalArn": arns.role(names.breakGlassRole()) },
        Null: { "aws:SourceIdentity": "false" },
      },
    }),
  );
}

interface RoleProperties {
  readonly name: string;
  /** One sentence in Latin-1. */
  readonly description: string;
  readonly trust: string;
  /** Logical ids of managed policies. */
  readonly policies?: readonly string[];
  readonly inline?: string;
  /** Maximum session duration in seconds; default 3,600. */
  readonly sessionSeconds?: number;
}

function role(context: StackContext, { name, description, trust, policies, inline, sessionSeconds }: RoleProperties) {
  return resource("AWS::IAM::Role", {
    RoleName: name,
    Path: iamPath,
    Description: description,
    AssumeRolePolicyDocument: policyValue(trust),
    PermissionsBoundary: { Ref: "Boundary" },
    ...(policies && { ManagedPolicyArns: policies.map((id) => ({ Ref: id })) }),
    ...(inline !== undefined && { Policies: [{ PolicyName: name, PolicyDocument: policyValue(inline) }] }),
    ...(sessionSeconds !== undefined && { MaxSessionDuration: sessionSeconds }),
    Tags: tagList(context.tags({ Purpose: name.slice(context.organization.length + 1) })),
  });
}

const managed = (name: string, statements: readonly Statement[]): Resource =>
  resource("AWS::IAM::ManagedPolicy", {
    ManagedPolicyName: name,
    Path: iamPath,
    PolicyDocument: policyValue(document(...statements)),
  });
