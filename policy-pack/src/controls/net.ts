import { resourcePolicy, stackPolicy } from "../frame/policy";
import type { Report } from "../frame/report";
import { all } from "../frame/tri";
import type { Value } from "../frame/value";
import type { ResourceView } from "../frame/view";
import { carriesEverything, carriesTcp, opensPort, placeOf, publicCidrs, ruleTypes, rulesOf } from "../net/rules";
import { demandCompanion } from "../shared/companion";
import { securityHub } from "../shared/security-hub";

/**
 * Reports each rule by which public addresses reach one of the TCP ports, once per block of
 * addresses.
 */
function reportOpenPorts(group: ResourceView, report: Report, ports: readonly number[]): void {
  report.each(rulesOf(group, "ingress"), (rule) => {
    const open = ports.map((port) => [port, opensPort(rule, port)] as const).filter(([, opens]) => opens !== false);
    if (open.length === 0) return;
    const isCertain = open.some(([, opens]) => opens === true);
    const listed =
      open.length > 3 ? `${open.length} of the judged TCP ports` : `TCP port ${open.map(([port]) => port).join(", ")}`;
    for (const cidr of publicCidrs(rule.cidrs)) {
      const broken = cidr.isUnknown || !isCertain ? "unknown" : true;
      report.decide(
        broken,
        cidr.isUnknown ? cidr : rule.value,
        `${placeOf(rule)} admits ${listed} from ${cidr.show()}`,
      );
    }
  });
}

/** A network ACL that lets everything in is no second line of defence. */
export const netNaclNoAllPorts = resourcePolicy({
  name: "net-nacl-no-all-ports",
  description: "No network ACL lets every port in from public addresses",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["EC2.21"],
    "cis-aws-3.0": ["5.1"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV_AWS_352"],
    trivy: ["AWS-0102"],
  },
  remediation: "Name a protocol and a range of ports.",
  url: securityHub("EC2.21"),
  types: [
    "aws:ec2/networkAclRule:NetworkAclRule",
    "aws:ec2/networkAcl:NetworkAcl",
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
  ],
  check(acl, report) {
    const isRule = acl.type.endsWith(":NetworkAclRule");
    report.each(isRule ? acl.inputs : acl.at("ingress"), (entry) => {
      if (isRule && entry.at("egress").flag() === true) return;
      if (
        entry
          .at(isRule ? "ruleAction" : "action")
          .text()
          ?.toLowerCase() !== "allow"
      )
        return;
      if (!carriesEverything(entry.at("protocol"))) return;
      for (const cidr of publicCidrs([entry.at("cidrBlock"), entry.at("ipv6CidrBlock")])) {
        if (cidr.isUnknown) report.undeterminable(cidr);
        else report.violation(`${entry.path || "the entry"} lets every port in from ${cidr.show()}`);
      }
    });
  },
});

const ROUTE_TABLES = ["aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable"];

/** A peering joins two networks; the routes decide how much of each. */
export const netNoPeeringWide = resourcePolicy({
  name: "net-no-peering-wide",
  description: "Routes over a peering lead to subnets, not to whole networks",
  severity: "low",
  level: "advisory",
  controls: { "cis-aws-3.0": ["5.5"], "nist-800-53r5": ["AC-4"], checkov: ["CKV2_AWS_44"] },
  remediation: "Route only the blocks of the subnets that are needed.",
  url: "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
  types: ["aws:ec2/route:Route", ...ROUTE_TABLES],
  config: { minPrefix: { type: "integer", description: "The shortest prefix that is accepted", default: 20 } },
  check(resource, report, config) {
    const shortest = config.at("minPrefix").number() ?? 20;
    const routes = ROUTE_TABLES.includes(resource.type) ? resource.at("routes") : resource.inputs;
    report.each(routes, (route) => {
      if (route.at("vpcPeeringConnectionId").isAbsent) return;
      const destination = [route.at("cidrBlock"), route.at("destinationCidrBlock")].find((block) => block.isSet);
      if (destination === undefined) return;
      const length = Number(/\/(\d+)$/.exec(destination.text() ?? "")?.[1] ?? 32);
      if (length < shortest)
        report.violation(`${destination.path} ${destination.show()} is routed to the peer as a whole`);
    });
  },
});

/**
 * Remote administration, and the consoles and stores of this system: what must never answer the
 * internet.
 */
const ADMIN_PORTS = [3389, 5985, 5986, 8080, 8443, 4000, 3000, 5432, 3306, 6379, 8123, 9000, 2375, 2376];

/** Scanners find a port that is open to the internet within the hour. */
export const netNoPublicAdminPorts = resourcePolicy({
  name: "net-no-public-admin-ports",
  description: "No security group admits administration or data ports from a public address",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["EC2.14", "EC2.18", "EC2.19"],
    "cis-aws-3.0": ["5.2", "5.3"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV_AWS_25"],
    trivy: ["AWS-0107"],
    "cdk-nag": ["EC23", "R5-EC2RestrictedCommonPorts"],
  },
  remediation: "Name the security groups of the callers instead of public addresses.",
  url: securityHub("EC2.19"),
  types: ruleTypes("ingress"),
  config: {
    ports: {
      type: "array",
      items: { type: "string" },
      description: "The TCP ports that are judged",
      default: ADMIN_PORTS.map(String),
    },
  },
  check(group, report, config) {
    const ports = config
      .at("ports")
      .items()
      .flatMap((port) => port.number() ?? []);
    reportOpenPorts(group, report, ports);
  },
});

/** Traffic on port 80 is unencrypted. */
export const netNoPublicHttp = resourcePolicy({
  name: "net-no-public-http",
  description: "No security group admits plain HTTP from a public address",
  severity: "high",
  level: "mandatory",
  controls: { fsbp: ["EC2.18"], "nist-800-53r5": ["SC-7"], checkov: ["CKV_AWS_260"], trivy: ["AWS-0107"] },
  remediation: "Admit 443 from the callers' security groups only.",
  url: securityHub("EC2.18"),
  types: ruleTypes("ingress"),
  check(group, report) {
    reportOpenPorts(group, report, [80]);
  },
});

/** A rule for every port leaves the host without a firewall. */
export const netNoPublicIngressAny = resourcePolicy({
  name: "net-no-public-ingress-any",
  description: "No security group admits every port from a public address",
  severity: "critical",
  level: "mandatory",
  controls: {
    fsbp: ["EC2.18"],
    "cis-aws-3.0": ["5.2"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV_AWS_277"],
    trivy: ["AWS-0107"],
    "cdk-nag": ["EC23"],
  },
  remediation: "Name the ports and the security groups of the callers.",
  url: securityHub("EC2.18"),
  types: ruleTypes("ingress"),
  check(group, report) {
    report.each(rulesOf(group, "ingress"), (rule) => {
      const isWhole = all(
        () => carriesTcp(rule.protocol),
        () =>
          carriesEverything(rule.protocol) ||
          ((rule.from.number() ?? 0) <= 1 && [undefined, -1, 65535].includes(rule.to.number())),
      );
      if (isWhole === false) return;
      for (const cidr of publicCidrs(rule.cidrs)) {
        report.decide(
          cidr.isUnknown ? "unknown" : isWhole,
          cidr.isUnknown ? cidr : rule.value,
          `${placeOf(rule)} admits every port from ${cidr.show()}`,
        );
      }
    });
  },
});

/** Without a description nobody knows whether a rule is still needed. */
export const netSgDescription = resourcePolicy({
  name: "net-sg-description",
  description: "Security groups and their rules say what they are for",
  severity: "low",
  level: "advisory",
  controls: {
    "nist-800-53r5": ["CM-8"],
    checkov: ["CKV_AWS_23"],
    trivy: ["AWS-0099", "AWS-0124"],
    "cdk-nag": ["EC27"],
  },
  remediation: "Set description on the group and on each of its rules.",
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  types: [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  ],
  check(group, report) {
    const isTold = (value: Value): boolean =>
      !["", "Managed by Pulumi", "Managed by Terraform"].includes(value.text() ?? "");
    report.expect(group.at("description"), isTold);
    for (const key of ["ingress", "egress"]) {
      report.each(group.at(key), (rule) => report.expect(rule.at("description"), isTold));
    }
  },
});

/** Who spoke to whom: the only record of a connection that no program logged. */
export const netVpcFlowLogs = stackPolicy({
  name: "net-vpc-flow-logs",
  description: "Every VPC has a flow log",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["EC2.6"],
    "cis-aws-3.0": ["3.7"],
    "nist-800-53r5": ["AU-12"],
    checkov: ["CKV2_AWS_11"],
    trivy: ["AWS-0178"],
    "cdk-nag": ["VPC7"],
  },
  remediation: "Add an aws.ec2.FlowLog with the vpcId and trafficType ALL.",
  url: securityHub("EC2.6"),
  types: ["aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"), (vpc) =>
      demandCompanion(stack, report, vpc, ["aws:ec2/flowLog:FlowLog"], "vpcId", "no flow log names the VPC"),
    );
  },
});
