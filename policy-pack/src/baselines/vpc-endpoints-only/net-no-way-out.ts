import { resourcePolicy, stackPolicy, type ResourcePolicy } from "../../frame/policy";

/** A policy against whole types of resource. `allowed` names what makes one harmless. */
function forbids(
  facts: Pick<ResourcePolicy, "name" | "description" | "severity" | "controls" | "url" | "remediation">,
  types: Readonly<Record<string, string>>,
  allowed?: { readonly path: string; readonly value: string },
): ResourcePolicy {
  return resourcePolicy({
    ...facts,
    level: "mandatory",
    types: Object.keys(types),
    check(resource, report) {
      const judge = () => report.violation(`it is ${types[resource.type] ?? resource.type}`);
      if (allowed === undefined) judge();
      else if (resource.at(allowed.path).text() !== allowed.value) judge();
    },
  });
}

/** An internet gateway makes every other rule of the network a matter of one route. */
export const netNoInternetGateway = forbids(
  {
    name: "net-no-internet-gateway",
    description: "No VPC has an internet gateway",
    severity: "critical",
    controls: {
      baseline: ["vpc-endpoints-only"],
      fsbp: ["EC2.172"],
      "nist-800-53r5": ["AC-4", "CM-7"],
      "cdk-nag": ["R5-VPCNoUnrestrictedRouteToIGW"],
    },
    remediation: "Remove the gateway; reach AWS services through VPC endpoints.",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
  },
  {
    "aws:ec2/internetGateway:InternetGateway": "an internet gateway",
    "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment": "an internet gateway's attachment",
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": "an egress-only internet gateway",
    "aws:ec2/carrierGateway:CarrierGateway": "a carrier gateway",
    "aws:ec2/defaultVpc:DefaultVpc": "the default VPC, which has an internet gateway",
    "awsx:ec2:Vpc": "awsx's VPC, which always makes an internet gateway",
    "awsx:ec2:DefaultVpc": "the default VPC, which has an internet gateway",
  },
);

/** A NAT gateway lets everything in the VPC call out. */
export const netNoNatGateway = forbids(
  {
    name: "net-no-nat-gateway",
    description: "No NAT gateway leads to the internet",
    severity: "high",
    controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["SC-7"] },
    remediation:
      "Remove the gateway and reach AWS services through VPC endpoints; between private networks set connectivityType to private.",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
  },
  { "aws:ec2/natGateway:NatGateway": "a public NAT gateway" },
  { path: "connectivityType", value: "private" },
);

/** A public address is a way in or out, whatever it is attached to. */
export const netNoEip = forbids(
  {
    name: "net-no-eip",
    description: "No Elastic IP address is allocated or attached",
    severity: "high",
    controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["SC-7"] },
    remediation: "Remove the address; inside the VPC private addresses are enough.",
    url: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-12",
  },
  {
    "aws:ec2/eip:Eip": "an Elastic IP address",
    "aws:ec2/eipAssociation:EipAssociation": "an Elastic IP address's association",
  },
);

const EIP = "aws:ec2/eip:Eip";
/** What may use an address, and by which input. */
const USERS: readonly (readonly [type: string, path: string])[] = [
  ["aws:ec2/eipAssociation:EipAssociation", "allocationId"],
  ["aws:ec2/natGateway:NatGateway", "allocationId"],
  ["aws:transfer/server:Server", "endpointDetails.addressAllocationIds"],
];

/** Where an address is exempted, it should at least be used: AWS charges for each, and an idle one is forgotten. */
export const netEipInUse = stackPolicy({
  name: "net-eip-in-use",
  description: "Elastic IP addresses are attached to something",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["EC2.12"], "nist-800-53r5": ["CM-8"], checkov: ["CKV2_AWS_19"] },
  remediation: "Attach the address or release it.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-12",
  types: [EIP],
  checkStack(stack, report) {
    report.eachResource(stack.ofType(EIP), (eip) => {
      if (eip.at("instance").isSet || eip.at("networkInterface").isSet) return;
      const users = USERS.map(([type, path]) => stack.companions(eip, type, path));
      if (users.some(({ found }) => found.length > 0)) return;
      const unsure = users.flatMap((user) => user.unsure)[0];
      if (unsure) report.undeterminable(unsure);
      else report.violation("nothing in the stack uses it");
    });
  },
});
