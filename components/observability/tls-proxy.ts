/** A TLS connection that a proxy opens for programs of its own host: plain on the loopback, verified on the network. */
export interface Onward {
  /** Part of HAProxy's names. */
  readonly name: string;
  /** Loopback port that the programs connect to. */
  readonly localPort: number;
  /** DNS name that is looked up again and again, and that the certificate must be for. */
  readonly host: string;
  readonly port: number;
  /** PEM file of the authorities that may vouch for the host. */
  readonly authorities: string;
}

/** TLS that a proxy ends in front of a program of its own host. */
export interface Inward {
  readonly name: string;
  readonly port: number;
  /** Loopback port of the program. */
  readonly localPort: number;
  /** PEM file with certificate and key. */
  readonly bundle: string;
}

/** Seconds without a byte until a connection ends; above Langfuse's longest export. */
const idleSeconds = 900;

const text = (...lines: readonly string[]): string => `${lines.join("\n")}\n`;

const inward = ({ name, port, localPort, bundle }: Inward): string =>
  text(
    `listen ${name}`,
    `  bind :${String(port)} ssl crt ${bundle} ssl-min-ver TLSv1.2`,
    `  server ${name} 127.0.0.1:${String(localPort)}`,
  );

const onward = ({ name, localPort, host, port, authorities }: Onward): string =>
  text(
    `listen ${name}`,
    `  bind 127.0.0.1:${String(localPort)}`,
    `  server ${name} ${host}:${String(port)} ssl verify required ca-file ${authorities} sni str(${host}) verifyhost ${host} ssl-min-ver TLSv1.2 resolvers network init-addr none`,
  );

/**
 * HAProxy's configuration: TLS on the network, plain on the loopback. Bytes pass as they are. The names it connects to need not exist when it
 * starts, and their addresses may change.
 */
export const planProxyConfig = (ends: { readonly inward?: readonly Inward[]; readonly onward?: readonly Onward[] }) =>
  [
    text(
      "global",
      "  maxconn 2000",
      "  log stdout format raw local0 notice",
      "defaults",
      "  mode tcp",
      "  log global",
      "  option dontlognull",
      "  option clitcpka",
      "  option srvtcpka",
      "  timeout connect 5s",
      `  timeout client ${String(idleSeconds)}s`,
      `  timeout server ${String(idleSeconds)}s`,
      "resolvers network",
      "  parse-resolv-conf",
      "  accepted_payload_size 4096",
      "  hold valid 10s",
    ),
    ...(ends.inward ?? []).map(inward),
    ...(ends.onward ?? []).map(onward),
  ].join("");
