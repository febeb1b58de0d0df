import { stackPolicy } from "../../frame/policy";
import { attempt, some } from "../../frame/tri";
import { Undeterminable, type Value } from "../../frame/value";
import type { ResourceView, StackView } from "../../frame/view";
import { IDENTITY_TYPES, identityStatements } from "../../iam/sources";
import { serviceOf } from "./services";

const VPC = "aws:ec2/vpc:Vpc";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

/**
 * What a workspace, the gateway and their functions call; each missing one would need a way out of
 * the network.
 */
const NEEDED = ["ssm", "ssmmessages", "ecr.api", "ecr.dkr", "logs", "monitoring", "secretsmanager", "kms", "sts", "s3"];

/** Calls that show the use of a service which not every VPC needs. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  "bedrock-runtime": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
};

/** The endpoints that every VPC must have. */
export const vpceRequiredSet = stackPolicy({
  name: "vpce-required-set",
  description: "Every VPC has the endpoints its workloads need",
  severity: "high",
  level: "mandatory",
  controls: {
    baseline: ["vpc-endpoints-only"],
    fsbp: ["EC2.55", "EC2.56", "EC2.57"],
    aisf: ["INFRA-01"],
    "nist-800-53r5": ["SC-7", "AC-4"],
  },
  remediation: "Add the missing endpoints, or name the services this stack needs in the policy's setting `services`.",
  url: "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html",
  types: [VPC],
  config: {
    services: {
      type: "array",
      items: { type: "string" },
      description: "Short names of the services, as in com.amazonaws.REGION.NAME",
      default: NEEDED,
    },
    whereCalled: {
      type: "array",
      items: { type: "string" },
      description: "Short names of services that need an endpoint where a policy of the stack allows calling them",
      default: Object.keys(CALLS),
    },
  },
  checkStack(stack, report, config) {
    const named = (key: string): string[] =>
      config
        .at(key)
        .items()
        .flatMap((service) => service.text() ?? []);
    const services = [...named("services"), ...named("whereCalled").filter((service) => isCalled(stack, service))];
    report.eachResource(stack.ofType(VPC), (vpc) => {
      const { within, unclear } = endpointsOf(stack, vpc);
      const present = new Set<string | undefined>();
      for (const endpoint of within) {
        try {
          present.add(serviceOf(endpoint.at("serviceName")));
        } catch (error) {
          if (!(error instanceof Undeterminable)) throw error;
          unclear.push(endpoint.at("serviceName"));
        }
      }
      const missing = services.filter((service) => !present.has(service) && !present.has(`${service}-fips`));
      if (missing.length === 0) return;
      if (unclear.length >= missing.length && unclear[0]) report.undeterminable(unclear[0]);
      else report.violation(`it has no endpoint for ${missing.join(", ")}`);
    });
  },
});

/**
 * The endpoints in a VPC. Where neither their network nor the only VPC of the stack is known yet,
 * they are in it; of several they may be in any.
 */
function endpointsOf(stack: StackView, vpc: ResourceView): { within: ResourceView[]; unclear: Value[] } {
  const { found, unsure } = stack.companions(vpc, ENDPOINT, "vpcId");
  const id = vpc.at("id");
  const isOnly = stack.ofType(VPC).length === 1 && (id.isAbsent || id.isUnknown);
  const open = unsure.filter(({ isUnknown }) => isOnly && isUnknown);
  const its = stack.ofType(ENDPOINT).filter((endpoint) => open.includes(endpoint.at("vpcId")));
  return { within: [...found, ...its], unclear: unsure.filter((value) => !open.includes(value)) };
}

/** Whether a policy of the stack allows a call of the service; one that is not known allows none. */
function isCalled(stack: StackView, service: string): boolean {
  const actions = CALLS[service] ?? [`${service.split(/[.-]/, 1)[0] ?? service}:*`];
  return stack
    .ofType(...IDENTITY_TYPES)
    .some(
      (resource) =>
        attempt(() =>
          some(identityStatements(resource), (statement) =>
            attempt(() => statement.allows && actions.some((action) => statement.matchesAction(action) === true)),
          ),
        ) === true,
    );
}
