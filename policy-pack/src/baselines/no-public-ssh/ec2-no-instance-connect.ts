import { resourcePolicy } from "../../frame/policy";
import { reportGrants } from "../../iam/allow-statements";
import { PERMISSION_TYPES, permissionStatements } from "../../iam/managed";

const ENDPOINT = "aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint";
const ACTIONS = [
  "ec2-instance-connect:SendSSHPublicKey",
  "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
  "ec2-instance-connect:OpenTunnel",
];
const SERIAL = "aws:ec2/serialConsoleAccess:SerialConsoleAccess";

/** Instance Connect and the serial console are doors beside Session Manager, without its log. */
export const ec2NoInstanceConnect = resourcePolicy({
  name: "ec2-no-instance-connect",
  description: "No Instance Connect endpoint, permission or serial console leads to a machine",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["no-public-ssh"], "nist-800-53r5": ["AC-17"] },
  remediation: "Remove it; people come through Session Manager, whose sessions are logged.",
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html",
  types: [ENDPOINT, SERIAL, ...PERMISSION_TYPES],
  check(resource, report) {
    if (resource.type === ENDPOINT) report.violation("it is an Instance Connect endpoint");
    else if (resource.type === SERIAL)
      report.expect(
        resource.at("enabled"),
        (enabled) => enabled.flag() === false,
        "the account's serial console is open",
      );
    else {
      report.each(permissionStatements(resource, report), (statement) => {
        if (!statement.allows) return;
        const grants = ACTIONS.map((action) => [action, statement.matchesAction(action)] as const);
        reportGrants(report, statement, grants);
      });
    }
  },
});
