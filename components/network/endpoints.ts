import { iamPath, modelArns, modelTiers, type SourceSpec } from "../../config";
import type { ActionScope } from "../actions/scope";
import { guardrailAction } from "../actions/facts";
import { endpointActions } from "../actions/table";
import { embeddingArns, guardrailArns } from "../gateway/models";
import type { StackContext } from "../kit";
import { allow, document, type Conditions, type Statement } from "../policy-document";

/** An endpoint of the network and its policy. */
export interface PlannedEndpoint {
  /** Service suffix, e.g. `bedrock-runtime`. */
  readonly service: string;
  readonly type: "Interface" | "Gateway";
  /** Host names that resolve to it, without wildcard. */
  readonly hosts: readonly string[];
  readonly policy: string;
}

/** What the endpoints of a stack's network depend on. */
export interface NetworkScope extends ActionScope {
  /** The stack has a gateway of its own. */
  readonly gateway: boolean;
  /** The stack has an observability stack of its own. */
  readonly observability: boolean;
  /** URL of an external ClickHouse. */
  readonly clickHouseUrl?: string;
  /** Sources of code of the network's workspaces. */
  readonly sources: readonly SourceSpec[];
}

/**
 * The parts of a stack that need a service: `network` is every network with workspaces, the others
 * where the stack has the section.
 */
type Part = "network" | "gateway" | "observability";

interface Service {
  readonly parts: readonly Part[];
  /** Host name where it is not SERVICE.REGION.amazonaws.com. */
  readonly host?: (region: string, accountId: string) => string;
}

/**
 * Interface endpoints. Each costs money in every zone; the table of actions (components/actions)
 * sets their policies.
 */
const services: Readonly<Record<string, Service>> = {
  ssm: { parts: ["network"] },
  ssmmessages: { parts: ["network"] },
  ec2: { parts: ["network"] },
  kms: { parts: ["network"] },
  logs: { parts: ["network"] },
  monitoring: { parts: ["network"] },
  secretsmanager: { parts: ["network"] },
  sts: { parts: ["network"] },
  "ecr.api": { parts: ["network"], host: (region) => `api.ecr.${region}.amazonaws.com` },
  "ecr.dkr": { parts: ["network"], host: (region, accountId) => `${accountId}.dkr.ecr.${region}.amazonaws.com` },
  ecs: { parts: ["gateway", "observability"] },
  bedrock: { parts: ["gateway"] },
};

/**
 * Conditions of every statement: the account's own principals, and only the roles of this
 * organization.
 */
function ownRoles({ accountId, organization }: StackContext): Conditions {
  return {
    StringEquals: { "aws:PrincipalAccount": accountId },
    ArnLike: { "aws:PrincipalArn": `arn:aws:iam::*:role${iamPath}${organization}-*` },
  };
}

function ownResources(context: StackContext): Conditions {
  const { StringEquals, ...others } = ownRoles(context);
  return { ...others, StringEquals: { ...StringEquals, "aws:ResourceAccount": context.accountId } };
}

function servicePolicy(scope: ActionScope, service: string): string {
  const { own, unowned } = endpointActions(scope, service);
  const statement = (sid: string, actions: readonly string[], condition: Conditions): Statement | undefined =>
    actions.length > 0
      ? allow(sid, { Principal: "*", Action: actions, Resource: "*", Condition: condition })
      : undefined;
  return document(
    statement("OwnRolesOnOwnResources", own, ownResources(scope.context)),
    statement("OwnRoles", unowned, ownRoles(scope.context)),
  );
}

/** ARNs of the roles that may call models: the gateway's tasks only. */
function modelCallers({ arns, names }: StackContext): readonly string[] {
  return [arns.role(names.role("gateway-task"))];
}

/**
 * The model endpoint's policy: the gateway's role, and the catalogue's models inside the residency.
 */
function modelEndpointPolicy(scope: ActionScope): string {
  const { context } = scope;
  const { region, accountId } = context;
  const platform = { ...scope.models, region, accountId };
  const models = modelTiers.map((tier) => modelArns(platform, tier));
  const invoke = endpointActions(scope, "bedrock-runtime").own.filter((each) => each !== guardrailAction);
  const guardrails = guardrailArns(context, scope.models);
  const gateway: Conditions = { ArnEquals: { "aws:PrincipalArn": modelCallers(context) } };
  return document(
    allow("GatewayThroughProfiles", {
      Principal: "*",
      Action: invoke,
      Resource: [
        context.arns.regional("bedrock", "application-inference-profile/*"),
        ...models.map((model) => model.inferenceProfile),
      ],
      Condition: gateway,
    }),
    allow("GatewayOnModels", {
      Principal: "*",
      Action: invoke,
      Resource: [
        ...new Set(models.flatMap((model) => model.foundationModels)),
        ...embeddingArns(context, scope.models),
      ],
      Condition: gateway,
    }),
    guardrails.length > 0
      ? allow("GatewayOnGuardrails", {
          Principal: "*",
          Action: guardrailAction,
          Resource: guardrails,
          Condition: gateway,
        })
      : undefined,
  );
}

/**
 * AWS's own buckets that machines read anonymously or with AWS's credentials: packages, image
 * layers, the agent's updates.
 */
function awsBuckets(region: string): readonly string[] {
  return [`al2023-repos-${region}-de612dc2`, `prod-${region}-starport-layer-bucket`, `amazon-ssm-${region}`];
}

function s3Policy(scope: ActionScope): string {
  const { arns, organization, region } = scope.context;
  const own = arns.bucket(`${organization}-*`);
  return document(
    allow("OwnRolesOnOwnBuckets", {
      Principal: "*",
      Action: endpointActions(scope, "s3").own,
      Resource: [own, `${own}/*`],
      Condition: ownResources(scope.context),
    }),
    // Read anonymously, or by principals of AWS: no condition on the caller is possible.
    allow("PackagesLayersAgent", {
      Principal: "*",
      Action: "s3:GetObject",
      Resource: awsBuckets(region).map((bucket) => `${arns.bucket(bucket)}/*`),
    }),
  );
}

/** The endpoints that a stack's own network needs, in order of their names, S3 first. */
export function planEndpoints(scope: NetworkScope): PlannedEndpoint[] {
  const { region, accountId } = scope.context;
  const has: Readonly<Record<Part, boolean>> = {
    network: true,
    gateway: scope.gateway,
    observability: scope.observability,
  };
  const planned = Object.entries(services)
    .filter(([, service]) => service.parts.some((part) => has[part]))
    .map(([name, service]) => ({
      service: name,
      type: "Interface" as const,
      hosts: [service.host?.(region, accountId) ?? `${name}.${region}.amazonaws.com`],
      policy: servicePolicy(scope, name),
    }));
  // Also without a gateway in the network: the endpoint's policy then refuses every call that
  // bypasses the gateway.
  const models = {
    service: "bedrock-runtime",
    type: "Interface" as const,
    hosts: [`bedrock-runtime.${region}.amazonaws.com`],
    policy: modelEndpointPolicy(scope),
  };
  return [
    { service: "s3", type: "Gateway", hosts: [`s3.${region}.amazonaws.com`], policy: s3Policy(scope) },
    ...[...planned, models].sort((a, b) => (a.service < b.service ? -1 : 1)),
  ];
}
