import { resourcePolicy } from "../../frame/policy";
import type { Report } from "../../frame/report";
import type { ResourceView } from "../../frame/view";

/** Services that open SSH to machines of their own unless told otherwise. */
const RULES: Readonly<Record<string, (resource: ResourceView, report: Report) => void>> = {
  "aws:eks/nodeGroup:NodeGroup"(group, report) {
    const access = group.at("remoteAccess");
    if (access.at("ec2SshKey").isSet) {
      report.expect(
        access.at("sourceSecurityGroupIds"),
        (groups) => groups.items().length > 0,
        "remoteAccess names a key but no security group: EKS opens port 22 to 0.0.0.0/0",
      );
    }
  },
  "aws:cloud9/environmentEC2:EnvironmentEC2"(environment, report) {
    report.expect(
      environment.at("connectionType"),
      (type) => type.text() === "CONNECT_SSM",
      "Cloud9 reaches the machine over SSH (connectionType is not CONNECT_SSM)",
    );
  },
  "aws:emr/blockPublicAccessConfiguration:BlockPublicAccessConfiguration"(block, report) {
    report.expect(block.at("blockPublicSecurityGroupRules"), (on) => on.flag() === true);
    report.each(block.at("permittedPublicSecurityGroupRuleRanges"), (range) => {
      const [first, last] = [range.at("minRange").number() ?? 0, range.at("maxRange").number() ?? 65535];
      if (first <= 22 && last >= 22) report.violation(`${range.path} permits public rules for port 22`);
    });
  },
  "awsx:lb:ApplicationLoadBalancer": opensByDefault,
  "awsx:ecs:FargateService": opensService,
  "awsx:ecs:EC2Service": opensService,
};

function opensByDefault(balancer: ResourceView, report: Report): void {
  const own = [
    balancer.at("securityGroups"),
    balancer.at("defaultSecurityGroup.securityGroupId"),
    balancer.at("defaultSecurityGroup.skip"),
    balancer.at("defaultSecurityGroup.args"),
  ];
  if (own.every((value) => value.isAbsent))
    report.violation("awsx makes its default security group, open to the world");
}

function opensService(service: ResourceView, report: Report): void {
  // Built by the provider, the component itself has no inputs; then its parts are judged.
  if (service.inputs.entries().length === 0) report.notApplicable("the component shows no inputs");
  if (service.at("networkConfiguration").isAbsent)
    report.violation("without networkConfiguration awsx makes a security group that is open to the world");
}

/** Managed services and components whose own default is an open port 22. */
export const netNoOpenServiceSsh = resourcePolicy({
  name: "net-no-open-service-ssh",
  description: "No service or component opens SSH by its own default",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["no-public-ssh"], "nist-800-53r5": ["SC-7", "CM-6"] },
  remediation: "Name the security groups, or the connection by Session Manager, explicitly.",
  url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html",
  types: Object.keys(RULES),
  check(resource, report) {
    RULES[resource.type]?.(resource, report);
  },
});
