import { stackPolicy } from "../../frame/policy";
import { securityHub } from "../../shared/security-hub";

const EIP = "aws:ec2/eip:Eip";

/** What may use an address, and by which input. */
const USERS: readonly (readonly [type: string, path: string])[] = [
  ["aws:ec2/eipAssociation:EipAssociation", "allocationId"],
  ["aws:ec2/natGateway:NatGateway", "allocationId"],
  ["aws:transfer/server:Server", "endpointDetails.addressAllocationIds"],
];

/**
 * Where an address is exempted, it should at least be used: AWS charges for each, and an idle one
 * is forgotten.
 */
export const netEipInUse = stackPolicy({
  name: "net-eip-in-use",
  description: "Elastic IP addresses are attached to something",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["EC2.12"], "nist-800-53r5": ["CM-8"], checkov: ["CKV2_AWS_19"] },
  remediation: "Attach the address or release it.",
  url: securityHub("EC2.12"),
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
