import { traceHost } from "../trace-place";
import type { StackContext } from "../../kit";

/** ClickHouse's ports, both with TLS: HTTPS for queries, the native protocol for migrations. */
export const clickHousePorts = { https: 8443, native: 9440 } as const;

/** Where ClickHouse is. */
export interface ClickHousePlace {
  /** HTTPS URL, for queries. */
  readonly url: string;
  /** Native protocol with TLS, for migrations. */
  readonly native: { readonly host: string; readonly port: number; readonly ownAuthority: boolean };
}

/** The stack's own ClickHouse, or the external one, whose certificate a public authority vouches for. */
export function planClickHousePlace(context: StackContext, external?: string): ClickHousePlace {
  const host = external === undefined ? traceHost(context, "clickhouse") : new URL(external).hostname;
  return {
    url: external ?? `https://${host}:${String(clickHousePorts.https)}`,
    native: { host, port: clickHousePorts.native, ownAuthority: external === undefined },
  };
}

/** The way to an external ClickHouse inside the network, on both ports. */
export const reachExternal = <Cidr>(external: string, cidr: Cidr) =>
  Object.fromEntries(
    [Number(new URL(external).port || 443), clickHousePorts.native].map((port) => [
      `external-clickhouse-${String(port)}`,
      { cidr, port },
    ]),
  );
