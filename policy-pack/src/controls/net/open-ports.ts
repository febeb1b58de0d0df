import type { Report } from "../../frame/report";
import type { ResourceView } from "../../frame/view";
import { opensPort, placeOf, publicCidrs, rulesOf } from "../../net/rules";

/** Reports each rule by which public addresses reach one of the TCP ports, once per block of addresses. */
export function reportOpenPorts(group: ResourceView, report: Report, ports: readonly number[]): void {
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
