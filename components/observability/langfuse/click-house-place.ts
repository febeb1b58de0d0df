import { traceHost } from "../trace-place";
import type { StackContext } from "../../kit";

/** ClickHouse's ports: HTTP for queries, native for migrations. */
export const clickHousePorts = { http: 8123, native: 9000 } as const;

/** Native port of an external ClickHouse, with TLS. */
const externalNativePort = 9440;

/** URLs of ClickHouse over both protocols. */
export interface ClickHouseUrls {
  /** HTTP(S), for queries. */
  readonly clickHouseUrl: string;
  /** Native protocol, for migrations. */
  readonly clickHouseMigrationUrl: string;
}

/** URLs of the stack's own ClickHouse, or of the external one. */
export function planClickHouseUrls(context: StackContext, external?: string): ClickHouseUrls {
  if (external !== undefined) {
    return {
      clickHouseUrl: external,
      clickHouseMigrationUrl: `clickhouse://${new URL(external).hostname}:${String(externalNativePort)}?secure=true`,
    };
  }
  const host = traceHost(context, "clickhouse");
  return {
    clickHouseUrl: `http://${host}:${String(clickHousePorts.http)}`,
    clickHouseMigrationUrl: `clickhouse://${host}:${String(clickHousePorts.native)}`,
  };
}

/** The way to an external ClickHouse inside the network, on both ports. */
export const reachExternal = <Cidr>(external: string, cidr: Cidr) =>
  Object.fromEntries(
    [Number(new URL(external).port || 443), externalNativePort].map((port) => [
      `external-clickhouse-${String(port)}`,
      { cidr, port },
    ]),
  );
