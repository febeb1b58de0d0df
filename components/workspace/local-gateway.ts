import type { GatewayRoute } from "../../config";
import { ownNames } from "./editor-door";

/**
 * A workspace's local gateway: HAProxy on the loopback that adds the current virtual key. Clients in
 * the workspace hold its address and a placeholder, never a key.
 */
export const localGateway = {
  address: "127.0.0.1",
  port: 4000,
  /** What clients are configured with. Plain HTTP: it does not leave the machine's loopback. */
  baseUrl: "http://127.0.0.1:4000/v1",
  /** In place of a key, for clients that demand one. The local gateway replaces it. */
  placeholder: "workspace",
  /** Answers 200 when there is a key, otherwise 503. */
  healthPath: "/healthz",
  /** Linux user of its process. */
  user: "cline-gateway",
} as const;

/** Where HAProxy finds its parts. */
export interface LocalGatewayPaths {
  /** The map of the key. The file holds no key: the process gets it at run time. */
  readonly keyMap: string;
  /** Administration socket, mode 600. */
  readonly socket: string;
}

export const localGatewayPaths: LocalGatewayPaths = {
  keyMap: "/etc/cline/gateway/key.map",
  socket: "/run/cline-gateway/admin.sock",
};

/** Content of the map's file: the entry that the key is set into. */
export const emptyKeyMap = "current none\n";

/** Arguments of {@link planLocalGateway}. */
export interface LocalGatewayPlan {
  /** DNS name of the gateway; its addresses may change. */
  readonly host: string;
  /** Port of the gateway; default 443. */
  readonly gatewayPort?: number;
  /** PEM file of the authority that vouches for the gateway; the system's authorities where absent. */
  readonly authority?: string;
  /** What is admitted; everything else is 404. */
  readonly routes: readonly GatewayRoute[];
  /** Seconds without a byte until a connection ends. */
  readonly idleSeconds: number;
  /** Loopback port; default {@link localGateway}'s. */
  readonly port?: number;
  readonly paths?: LocalGatewayPaths;
}

/** Headers of a client that go on. A client's own authorization never does. */
const kept = [
  "host",
  "content-type",
  "content-length",
  "transfer-encoding",
  "accept",
  "user-agent",
  "traceparent",
  "anthropic-version",
];

/** An error in the shape that clients of OpenAI's API show. */
const error = (message: string, type: string) =>
  `content-type application/json string '${JSON.stringify({ error: { message, type } })}'`;

const answers = {
  noRoute: error("the local gateway does not admit this method and path", "not_found"),
  page: error("the local gateway answers no web page", "forbidden"),
  noKey: error("the workspace has no virtual key yet, try again in a minute", "no_key"),
  unreachable: error("the gateway does not answer, try again in a minute", "unreachable"),
  late: error("the gateway took too long", "timeout"),
};

/** A route's condition. @throws Error for a path with a variable part, which would need a pattern */
function admits({ method, path }: GatewayRoute): string {
  if (!/^\/[\w./-]+$/.test(path)) throw new Error(`${method} ${path}: the local gateway admits exact paths only`);
  return `  http-request set-var(txn.admitted) bool(true) if { method ${method} } { path -m str ${path} }`;
}

/**
 * HAProxy's configuration. It listens on the loopback, admits the given routes, replaces every
 * header but a few, adds the key of its map, and verifies the gateway's certificate and name.
 * Nothing is buffered, logged or repeated; only a connection that was never made is tried again.
 */
export function planLocalGateway(plan: LocalGatewayPlan): string {
  const { host, gatewayPort = 443, authority = "@system-ca", routes, idleSeconds } = plan;
  const { port = localGateway.port, paths = localGatewayPaths } = plan;
  const lines = [
    "global",
    "  nbthread 1",
    "  maxconn 400",
    `  stats socket ${paths.socket} mode 600 level admin`,
    "  log stderr format raw local0 notice",
    "defaults",
    "  mode http",
    "  log global",
    "  option dontlog-normal",
    "  option http-no-delay",
    "  option clitcpka",
    "  option srvtcpka",
    "  option redispatch 1",
    "  retries 2",
    "  retry-on conn-failure",
    "  timeout connect 5s",
    "  timeout queue 30s",
    "  timeout http-request 30s",
    "  timeout http-keep-alive 60s",
    `  timeout client ${String(idleSeconds)}s`,
    `  timeout server ${String(idleSeconds)}s`,
    `  http-error status 502 ${answers.unreachable} hdr Retry-After 10`,
    `  http-error status 503 ${answers.unreachable} hdr Retry-After 10`,
    `  http-error status 504 ${answers.late}`,
    "resolvers network",
    "  parse-resolv-conf",
    "  accepted_payload_size 4096",
    "  hold valid 10s",
    "frontend workspace",
    `  bind ${localGateway.address}:${String(port)}`,
    // Pages in a browser of the workspace, behind code-server, or of a name that was resolved to the loopback; the clients that use it are none.
    `  http-request return status 403 ${answers.page} if { req.hdr(origin) -m found } or { req.hdr(sec-fetch-site) -m found } or !${ownNames}`,
    ...[...routes, { method: "GET", path: localGateway.healthPath } as GatewayRoute].map(admits),
    `  http-request return status 404 ${answers.noRoute} unless { var(txn.admitted) -m bool }`,
    `  http-request set-var(txn.key) str(current),map(${paths.keyMap})`,
    `  http-request return status 503 ${answers.noKey} hdr Retry-After 10 unless { var(txn.key) -m beg sk- }`,
    `  http-request return status 200 content-type text/plain string ready if { path -m str ${localGateway.healthPath} }`,
    "  http-request set-uri %[path]",
    `  http-request del-header ^(?!(${kept.join("|")})$) -m reg`,
    `  http-request set-header Host ${host}`,
    '  http-request set-header Authorization "Bearer %[var(txn.key)]"',
    "  default_backend gateway",
    "backend gateway",
    "  balance leastconn",
    "  http-reuse safe",
    `  server-template gateway 1-6 ${host}:${String(gatewayPort)} ssl verify required ca-file ${authority} sni str(${host}) verifyhost ${host} ssl-min-ver TLSv1.2 resolvers network init-addr none`,
  ];
  return `${lines.join("\n")}\n`;
}
