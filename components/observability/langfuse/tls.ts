import type * as pulumi from "@pulumi/pulumi";
import type { Onward } from "../tls-proxy";
import { planProxyConfig } from "../tls-proxy";
import type { TraceContainer } from "../trace-container";

/** Port of Langfuse's web server, on the loopback of its task: Next.js speaks plain HTTP only. */
export const webPort = 3000;

/** Folder of what Langfuse's programs trust. */
const trustFolder = "/etc/cline/trust";
/** PEM files in it: the trace store's authority, and RDS's root of the region. */
export const trustFiles = { authority: `${trustFolder}/authority.pem`, database: `${trustFolder}/database.pem` };

/** Memory that HAProxy's files lie in. */
const proxyFolder = "/run/haproxy";
const proxyFiles = { authority: `${proxyFolder}/authority.pem`, bundle: `${proxyFolder}/server.pem` };

/** Lets a container of Langfuse read what it trusts, after the container that wrote it. */
export const trusting = {
  volume: { folder: trustFolder, fills: false },
  after: { trust: "SUCCESS" },
} as const satisfies Partial<TraceContainer>;

/** Arguments of {@link planTrust}. */
export interface TrustPlan {
  /** Langfuse's own image: it has a shell. */
  readonly image: pulumi.Input<string>;
  /** ARN of the secret with the authority's PEM. */
  readonly authoritySecret: pulumi.Input<string>;
  /** PEM. */
  readonly databaseRoot: string;
}

/**
 * The container that writes what Langfuse trusts, then ends. It is root without capabilities, because Fargate mounts the volume as root's;
 * the programs themselves only read it.
 */
export const planTrust = ({ image, authoritySecret, databaseRoot }: TrustPlan): TraceContainer => ({
  image,
  entryPoint: ["sh", "-c"],
  command: [
    `set -eu; printf '%s\\n' "$AUTHORITY" > ${trustFiles.authority}; printf '%s\\n' "$DATABASE_ROOT" > ${trustFiles.database}`,
  ],
  environment: { DATABASE_ROOT: databaseRoot },
  secrets: { AUTHORITY: authoritySecret },
  user: "0:0",
  volume: { folder: trustFolder, fills: true },
  essential: false,
});

/** Arguments of {@link planProxy}. */
export interface ProxyPlan {
  /** HAProxy's image. */
  readonly image: pulumi.Input<string>;
  /** Port that takes TLS. */
  readonly port: number;
  /** ClickHouse's native port with TLS, and whether the trace store's authority vouches for it; otherwise public ones do. */
  readonly clickHouse: { readonly host: string; readonly port: number; readonly ownAuthority: boolean };
  readonly secrets: {
    /** ARN of the secret with the authority's PEM. */
    readonly authority: pulumi.Input<string>;
    /** ARN of certificate and key. */
    readonly bundle: pulumi.Input<string>;
  };
}

/** Loopback port on which Langfuse's migrations find ClickHouse. */
export const migrationPort = 9000;

/** HAProxy's configuration beside Langfuse's web server. */
export function planWebProxyConfig({ port, clickHouse }: Pick<ProxyPlan, "port" | "clickHouse">): string {
  const onward: Onward = {
    name: "clickhouse",
    localPort: migrationPort,
    host: clickHouse.host,
    port: clickHouse.port,
    authorities: clickHouse.ownAuthority ? proxyFiles.authority : "@system-ca",
  };
  return planProxyConfig({
    inward: [{ name: "langfuse", port, localPort: webPort, bundle: proxyFiles.bundle }],
    onward: [onward],
  });
}

/**
 * HAProxy beside the web server: it ends TLS, and opens the connection to ClickHouse for migrations, because Langfuse's script asks its
 * migration tool to verify nothing. Its files lie in memory, and its key leaves no trace on a disk.
 */
export const planProxy = (plan: ProxyPlan): TraceContainer => ({
  image: plan.image,
  entryPoint: ["sh", "-c"],
  command: [
    `umask 077; printf '%s' "$SERVER" > ${proxyFiles.bundle}; printf '%s' "$AUTHORITY" > ${proxyFiles.authority}; ` +
      `printf '%s' "$CONFIG" > ${proxyFolder}/haproxy.cfg; unset SERVER; exec haproxy -db -f ${proxyFolder}/haproxy.cfg`,
  ],
  port: plan.port,
  environment: { CONFIG: planWebProxyConfig(plan) },
  secrets: { AUTHORITY: plan.secrets.authority, SERVER: plan.secrets.bundle },
  writable: [proxyFolder],
});
