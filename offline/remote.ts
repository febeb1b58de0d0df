import { schemaOf } from "./provider-schema";
import { UNKNOWN, wireProps, wireValue, type Raw, type RawProps } from "./values";

/** The child resource of a remote component, and the component's output that refers to it. */
export interface RemoteChild {
  readonly type: string;
  readonly inputs: RawProps;
  readonly output: string;
}

const SERVICE = "aws:ecs/service:Service";

/**
 * Stand-in for components whose code is in a provider. It supports only awsx.ecs.FargateService
 * over a task definition and a network configuration of the program's own, which creates one ECS
 * service of its own name. Every other form looks up the default VPC and creates a security group
 * open to the world, so it is an error here. Source: pulumi-awsx awsx/ecs/fargateService.ts.
 */
export function remoteChild(type: string, name: string, args: RawProps): RemoteChild {
  if (type !== "awsx:ecs:FargateService")
    throw new Error(
      `'${name}' is a remote component of type ${type}, whose resources nothing offline knows; use the resources themselves`,
    );
  for (const needed of ["taskDefinition", "networkConfiguration"])
    if (args[needed] === undefined)
      throw new Error(
        `'${name}': awsx.ecs.FargateService needs \`${needed}\` here: without it, it takes the default VPC and opens a security group to the world`,
      );
  const known = new Set(schemaOf(SERVICE)?.inputs);
  const given: Record<string, Raw> = { desiredCount: 1, ...wireProps(args) };
  const inputs = Object.fromEntries(Object.entries(given).filter(([property]) => known.has(property)));
  const strategies = args["capacityProviderStrategies"] ?? args["useClusterDefaultCapacityProviderStrategy"];
  if (strategies === undefined || strategies === false) inputs["launchType"] = "FARGATE";
  const early = wireValue(args["continueBeforeSteadyState"] ?? false);
  inputs["waitForSteadyState"] = early === UNKNOWN ? UNKNOWN : early !== true;
  return { type: SERVICE, inputs, output: "service" };
}
