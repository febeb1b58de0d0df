import { arns, iamPath, modelArns, modelTiers, names, type StackSpec } from "../../config";
import { endpointActions } from "../actions/table";
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
  lambda: { parts: ["gateway", "observability"] },
};

/**
 * Conditions of every statement: the account's own principals, and only the roles of this
 * organization.
 */
function ownRoles(spec: StackSpec): Conditions {
  return {
    StringEquals: { "aws:PrincipalAccount": spec.accountId },
    ArnLike: { "aws:PrincipalArn": `arn:aws:iam::*:role${iamPath}${spec.platform.organization}-*` },
  };
}

function ownResources(spec: StackSpec): Conditions {
  const { StringEquals, ...others } = ownRoles(spec);
  return { ...others, StringEquals: { ...StringEquals, "aws:ResourceAccount": spec.accountId } };
}

function servicePolicy(spec: StackSpec, service: string): string {
  const { own, unowned } = endpointActions(spec, service);
  const statement = (sid: string, actions: readonly string[], condition: Conditions): Statement | undefined =>
    actions.length > 0
      ? allow(sid, { Principal: "*", Action: actions, Resource: "*", Condition: condition })
      : undefined;
  return document(
    statement("OwnRolesOnOwnResources", own, ownResources(spec)),
    statement("OwnRoles", unowned, ownRoles(spec)),
  );
}

/** Names of the roles that may call models: the gateway's tasks only. */
export function modelCallers(spec: StackSpec): readonly string[] {
  return [arns(spec).role(names(spec.platform.organization).role(spec.stack, "gateway-task"))];
}

/**
 * The model endpoint's policy: the gateway's role, and the catalogue's models inside the residency.
 */
export function modelEndpointPolicy(spec: StackSpec): string {
  const { region, accountId } = spec;
  const platform = { ...spec.platform, region, accountId };
  const models = modelTiers.map((tier) => modelArns(platform, tier));
  const invoke = endpointActions(spec, "bedrock-runtime").own;
  const gateway: Conditions = { ArnEquals: { "aws:PrincipalArn": modelCallers(spec) } };
  return document(
    allow("GatewayThroughProfiles", {
      Principal: "*",
      Action: invoke,
      Resource: [
        arns(spec).regional("bedrock", "application-inference-profile/*"),
        ...models.map((model) => model.inferenceProfile),
      ],
      Condition: gateway,
    }),
    allow("GatewayOnModels", {
      Principal: "*",
      Action: invoke,
      Resource: [...new Set(models.flatMap((model) => model.foundationModels))],
      Condition: gateway,
    }),
  );
}

/**
 * AWS's own buckets that machines read anonymously or with AWS's credentials: packages, image
 * layers, the agent's updates.
 */
export function awsBuckets(region: string): readonly string[] {
  return [`al2023-repos-${region}-de612dc2`, `prod-${region}-starport-layer-bucket`, `amazon-ssm-${region}`];
}

function s3Policy(spec: StackSpec): string {
  const own = arns(spec).bucket(`${spec.platform.organization}-*`);
  return document(
    allow("OwnRolesOnOwnBuckets", {
      Principal: "*",
      Action: endpointActions(spec, "s3").own,
      Resource: [own, `${own}/*`],
      Condition: ownResources(spec),
    }),
    // Read anonymously, or by principals of AWS: no condition on the caller is possible.
    allow("PackagesLayersAgent", {
      Principal: "*",
      Action: "s3:GetObject",
      Resource: awsBuckets(spec.region).map((bucket) => `${arns(spec).bucket(bucket)}/*`),
    }),
  );
}

/** The endpoints that a stack's own network needs, in order of their names, S3 first. */
export function planEndpoints(spec: StackSpec): PlannedEndpoint[] {
  const { region, accountId } = spec;
  const has: Readonly<Record<Part, boolean>> = {
    network: true,
    gateway: spec.gateway !== undefined,
    observability: spec.observability !== undefined,
  };
  const planned = Object.entries(services)
    .filter(([, service]) => service.parts.some((part) => has[part]))
    .map(([name, service]) => ({
      service: name,
      type: "Interface" as const,
      hosts: [service.host?.(region, accountId) ?? `${name}.${region}.amazonaws.com`],
      policy: servicePolicy(spec, name),
    }));
  // Also without a gateway in the network: the endpoint's policy then refuses every call that
  // bypasses the gateway.
  const models = {
    service: "bedrock-runtime",
    type: "Interface" as const,
    hosts: [`bedrock-runtime.${region}.amazonaws.com`],
    policy: modelEndpointPolicy(spec),
  };
  return [
    { service: "s3", type: "Gateway", hosts: [`s3.${region}.amazonaws.com`], policy: s3Policy(spec) },
    ...[...planned, models].sort((a, b) => (a.service < b.service ? -1 : 1)),
  ];
}
