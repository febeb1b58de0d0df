import { resourcePolicy } from "../../frame/policy";
import { all, type Tri } from "../../frame/tri";
import type { Value } from "../../frame/value";
import type { ResourceView } from "../../frame/view";
import { publicCidrs } from "../../net/rules";

const SSH = 22;

const is22 = (port: Value): Tri => port.number() === SSH;
const holds22 = (range: Value): Tri =>
  all(
    () => (range.at("fromPort").number() ?? 0) <= SSH,
    () => (range.at("toPort").number() ?? 65535) >= SSH,
  );

/** A setting that opens a port, and whether that port is SSH's. */
type Door = readonly [where: Value, open: () => Tri];

/** What each type opens to the outside of a machine besides its security group. */
const DOORS: Readonly<Record<string, (resource: ResourceView) => Door[]>> = {
  "aws:lb/listener:Listener": (listener) => [[listener.at("port"), () => is22(listener.at("port"))]],
  "aws:alb/listener:Listener": (listener) => [[listener.at("port"), () => is22(listener.at("port"))]],
  "aws:lb/targetGroup:TargetGroup": (group) => [[group.at("port"), () => is22(group.at("port"))]],
  "aws:alb/targetGroup:TargetGroup": (group) => [[group.at("port"), () => is22(group.at("port"))]],
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": (attachment) => [
    [attachment.at("port"), () => is22(attachment.at("port"))],
  ],
  "aws:alb/targetGroupAttachment:TargetGroupAttachment": (attachment) => [
    [attachment.at("port"), () => is22(attachment.at("port"))],
  ],
  "aws:elb/loadBalancer:LoadBalancer": (balancer) =>
    balancer
      .at("listeners")
      .items()
      .flatMap((listener) =>
        [listener.at("lbPort"), listener.at("instancePort")].map((port): Door => [port, () => is22(port)]),
      ),
  "aws:globalaccelerator/listener:Listener": (listener) =>
    listener
      .at("portRanges")
      .items()
      .map((range) => [
        range,
        () =>
          all(
            () => listener.at("protocol").text()?.toUpperCase() !== "UDP",
            () => holds22(range),
          ),
      ]),
  "aws:globalaccelerator/endpointGroup:EndpointGroup": (group) =>
    group
      .at("portOverrides")
      .items()
      .map((override) => [override, () => is22(override.at("endpointPort"))]),
  "aws:lightsail/instancePublicPorts:InstancePublicPorts": (ports) =>
    ports
      .at("portInfos")
      .items()
      .map((info) => [info, () => lightsailOpens(info)]),
};

/**
 * Lightsail opens a port to everybody when no networks are named; a named alias stands for public
 * addresses as well.
 */
function lightsailOpens(info: Value): Tri {
  return all(
    () => ["tcp", "all", "-1"].includes(info.at("protocol").text()?.toLowerCase() ?? "all"),
    () => holds22(info),
    () => {
      const named = [info.at("cidrs"), info.at("ipv6Cidrs")];
      const nobody = named.every((list) => list.items().length === 0);
      const [first] = publicCidrs(named);
      return (
        nobody ||
        info.at("cidrListAliases").items().length > 0 ||
        (first === undefined ? false : first.isUnknown ? "unknown" : true)
      );
    },
  );
}

/**
 * Load balancers, accelerators and Lightsail's firewall can forward SSH past the security group.
 */
export const netNoSshListener = resourcePolicy({
  name: "net-no-ssh-listener",
  description: "No load balancer, accelerator or Lightsail firewall hands SSH on",
  severity: "critical",
  level: "mandatory",
  controls: { baseline: ["no-public-ssh"], "nist-800-53r5": ["SC-7", "AC-17"] },
  remediation: "Remove it; people come through Session Manager.",
  url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html",
  types: Object.keys(DOORS),
  check(resource, report) {
    report.each(DOORS[resource.type]?.(resource) ?? [], ([where, open]) => {
      report.decide(open(), where, `${where.path} opens TCP port ${SSH}`);
    });
  },
});
