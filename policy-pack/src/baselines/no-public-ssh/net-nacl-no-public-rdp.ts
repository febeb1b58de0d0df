import { naclPolicy } from "./nacl-policy";

/** Remote Desktop is the SSH of Windows machines. */
export const netNaclNoPublicRdp = naclPolicy(3389, {
  name: "net-nacl-no-public-rdp",
  description: "No network ACL lets Remote Desktop in from a public address",
  controls: {
    fsbp: ["EC2.21"],
    "cis-aws-3.0": ["5.1"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV_AWS_231"],
    trivy: ["AWS-0105"],
  },
});
