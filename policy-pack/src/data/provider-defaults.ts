import { KEY, KEYS } from "../baselines/kms-everywhere/keys";
import { DATABASES, LISTENERS, LOAD_BALANCERS } from "../shared/types";

/** The value that an input has where the program gives none. */
interface Default {
  readonly types: readonly string[];
  /** Path of the input. */
  readonly input: string;
  readonly value: string | number | boolean;
  /** The page that states it: AWS's, or the provider's where the provider sets the value. */
  readonly source: string;
}

const REFERENCE = "https://docs.aws.amazon.com";
const REGISTRY = "https://www.pulumi.com/registry/packages/aws/api-docs";

/**
 * The defaults that policies depend on. An input whose absence is a fault of its own, such as
 * `internal` of a load balancer, needs none. Defaults that follow from other inputs stand beside
 * their rule: the TLS of a database (`tls-defaults.ts`), a listener's protocol (`LISTENER_PROTOCOL`).
 */
export const DEFAULTS: readonly Default[] = [
  {
    types: LOAD_BALANCERS,
    input: "loadBalancerType",
    value: "application",
    source: `${REFERENCE}/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html`,
  },
  {
    types: ["aws:ec2/vpcEndpoint:VpcEndpoint"],
    input: "vpcEndpointType",
    value: "Gateway",
    source: `${REFERENCE}/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html`,
  },
  {
    types: [KEY],
    input: "customerMasterKeySpec",
    value: "SYMMETRIC_DEFAULT",
    source: `${REFERENCE}/kms/latest/APIReference/API_CreateKey.html`,
  },
  {
    types: KEYS,
    input: "deletionWindowInDays",
    value: 30,
    source: `${REFERENCE}/kms/latest/APIReference/API_ScheduleKeyDeletion.html`,
  },
  {
    types: DATABASES,
    input: "backupRetentionPeriod",
    value: 1,
    source: `${REFERENCE}/AmazonRDS/latest/APIReference/API_CreateDBInstance.html`,
  },
  {
    types: ["aws:lambda/function:Function"],
    input: "reservedConcurrentExecutions",
    value: -1,
    source: `${REGISTRY}/lambda/function/`,
  },
];

/** The protocol of an application balancer's listener that names none: the provider sets it. */
export const LISTENER_PROTOCOL = { types: LISTENERS, value: "HTTP", source: `${REGISTRY}/lb/listener/` } as const;

const BY_INPUT = new Map(
  DEFAULTS.flatMap(({ types, input, value }) => types.map((type) => [`${type} ${input}`, value] as const)),
);

/** The default of an input; undefined where the table has none. */
export function defaultOf(type: string, input: string): Default["value"] | undefined {
  return BY_INPUT.get(`${type} ${input}`);
}
