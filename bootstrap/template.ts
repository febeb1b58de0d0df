import { contextOf } from "../components/context-of";
import { isFoundation } from "../components/foundation";
import { planIssuer, type Issuer, type StackSpec } from "../config";
import { planBackend } from "./backend";
import { kept, type Resource, type Template } from "./cloudformation";
import { planRoles } from "./roles";
import { stateBucket, stateKey } from "./state";

/** CloudFormation's stack of an account's bootstrap. */
export const bootstrapStack = (spec: StackSpec): string => `${spec.platform.organization}-${spec.stack}-bootstrap`;

/**
 * What must exist in an account before Pulumi runs there: state bucket and key (with the platform),
 * the identity provider of the repository's workflows, and the roles of deployer, audit workflow and
 * break glass. Names and ARNs are those of the program's own policies.
 * @param spec a platform, or a department in an account of its own
 * @param all every stack of the project: the state admits the accounts of departments
 */
export function planTemplate(spec: StackSpec, all: readonly StackSpec[]): Template {
  const context = contextOf(spec);
  const platform = contextOf(all.find(({ stack }) => stack === spec.platform.stack) ?? spec);
  const issuer = spec.platform.repository && planIssuer(spec.platform.repository);
  const holdsState = spec.department === undefined;
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `Cline ${spec.platform.organization}, before Pulumi: state, identity provider and roles`,
    ...(issuer && {
      Parameters: {
        CreateIdentityProvider: {
          Type: "String",
          AllowedValues: ["true", "false"],
          Default: "true",
          Description: `false where the account has an identity provider for ${issuer.name} already`,
        },
      },
      Conditions: { MakesIdentityProvider: { "Fn::Equals": [{ Ref: "CreateIdentityProvider" }, "true"] } },
    }),
    Resources: {
      ...(holdsState && planState(spec, all)),
      ...(issuer && { IdentityProvider: identityProvider(issuer) }),
      ...planRoles({ context, platform, spec, issuer }),
    },
    Outputs: outputs(holdsState ? planBackend(platform) : undefined, issuer !== undefined),
  };
}

/** Accounts whose deployers keep their state in the platform's bucket. */
function planState(spec: StackSpec, all: readonly StackSpec[]): Readonly<Record<string, Resource>> {
  const platform = contextOf(spec);
  const own = all.filter((each) => each.sharedFrom === spec.stack && isFoundation(each)).map(contextOf);
  const accounts = [platform, ...own].filter(
    ({ accountId }, at, list) => list.findIndex((each) => each.accountId === accountId) === at,
  );
  const users = {
    accounts: accounts.map(({ accountId }) => accountId),
    roles: accounts.flatMap(({ arns, names }) => [names.deployerRole(), names.auditWorkflowRole()].map(arns.role)),
  };
  return { ...stateKey(platform, users), ...stateBucket(platform, users) };
}

/** An account has one provider per issuer, which other repositories may use as well: it is kept. */
function identityProvider({ url, audience }: Issuer): Resource {
  return {
    ...kept("AWS::IAM::OIDCProvider", { Url: url, ClientIdList: [audience] }),
    Condition: "MakesIdentityProvider",
  };
}

function outputs(backend: ReturnType<typeof planBackend> | undefined, hasWorkflow: boolean): Template["Outputs"] {
  return {
    ...(backend && {
      BackendUrl: { Description: "PULUMI_BACKEND_URL", Value: backend.url },
      SecretsProvider: { Description: "pulumi stack init --secrets-provider", Value: backend.secretsProvider },
    }),
    DeployRoleArn: { Description: "DEPLOY_ROLE_ARN", Value: { "Fn::GetAtt": ["DeployerRole", "Arn"] } },
    ...(hasWorkflow && {
      AuditRoleArn: { Description: "AUDIT_ROLE_ARN", Value: { "Fn::GetAtt": ["AuditWorkflowRole", "Arn"] } },
    }),
  };
}
