import type { Planned } from "./programs";
import type { Server } from "./servers";
import { ports, type ExceptionName } from "./table";

/** What the security groups of a plan open, held against what listens there. */
export interface Ways {
  readonly read: number;
  readonly faults: readonly string[];
  readonly exceptions: readonly ExceptionName[];
}

const external = /-to-external-clickhouse-\d+$/;

/** Each rule opens one TCP port, in the table, to a server that speaks TLS there. */
export function waysOf(resources: readonly Planned[], servers: readonly Server[]): Ways {
  const rules = resources.filter(({ type }) => /:SecurityGroup(Ingress|Egress)Rule$/.test(type));
  const known = new Set(ports.flatMap((row) => row.ports));
  const judged = rules.map(({ name, type, inputs }) => {
    const { ipProtocol, fromPort, toPort, cidrIpv4, prefixListId } = inputs;
    const port = Number(fromPort);
    if (ipProtocol !== "tcp" || fromPort !== toPort) return { fault: `${name}: opens more than one TCP port` };
    if (!known.has(port)) return { fault: `${name}: opens ${String(port)}, which is in no row of the table` };
    const outwards = type.includes("Egress");
    if (outwards && prefixListId !== undefined)
      return port === 443 ? {} : { fault: `${name}: S3 is HTTPS on 443, not ${String(port)}` };
    if (outwards && cidrIpv4 !== undefined && external.test(name)) return { exception: "externalClickHouse" as const };
    const group = inputs[outwards ? "referencedSecurityGroupId" : "securityGroupId"];
    const there = servers.filter((server) => server.port === port && server.groups.includes(String(group)));
    const named = there.every(({ kind }) => ports.some((row) => row.kind === kind && row.ports.includes(port)));
    if (there.length === 0) return { fault: `${name}: nothing that speaks TLS listens on ${String(port)}` };
    return named ? {} : { fault: `${name}: the table has no such listener on ${String(port)}` };
  });
  // A rule of another kind would pass unread.
  const unread = resources.filter(
    ({ type, inputs }) =>
      type.endsWith(":SecurityGroupRule") ||
      (type.endsWith(":SecurityGroup") && (inputs["ingress"] !== undefined || inputs["egress"] !== undefined)),
  );
  return {
    read: rules.length,
    faults: [
      ...judged.flatMap(({ fault }) => fault ?? []),
      ...unread.map(({ name }) => `${name}: its rules are not resources of their own`),
    ],
    exceptions: judged.flatMap(({ exception }) => exception ?? []),
  };
}
