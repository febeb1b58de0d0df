/** Settings as ClickHouse reads them from YAML. */
export type Yaml = Scalar | { readonly [key: string]: Yaml };
type Scalar = string | number | boolean;
/** A setting's value; `undefined` removes it. */
export type Leaf = Scalar | undefined;

const escaped = (value: Scalar): string => String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/**
 * XML of settings, by ClickHouse's own rule: a key is an element, a key with `@` an attribute of the element around it. Debian's server reads
 * no YAML. Source: ClickHouse documentation, "Configuration Files", YAML examples.
 */
export function toXml(name: string, value: Yaml): string {
  if (typeof value !== "object") return `<${name}>${escaped(value)}</${name}>`;
  const entries = Object.entries(value);
  const attributes = entries.filter(([key]) => key.startsWith("@"));
  const children = entries.filter(([key]) => !key.startsWith("@"));
  const written = attributes.map(([key, text]) => ` ${key.slice(1)}="${escaped(text as string)}"`).join("");
  return `<${name}${written}>${children.map(([key, child]) => toXml(key, child)).join("")}</${name}>`;
}

/**
 * Settings of the server that the program writes, with what ClickHouse documents of each. Source: ClickHouse documentation, "Server Settings",
 * and the comments of programs/server/config.xml of its repository.
 */
export const documented: Readonly<Record<string, string>> = {
  timezone: "string",
  https_port: "port",
  tcp_port_secure: "port",
  http_port: "port",
  mysql_port: "port",
  postgresql_port: "port",
  interserver_http_port: "port",
  listen_host: "string",
  "openSSL.server.certificateFile": "path",
  "openSSL.server.privateKeyFile": "path",
  "openSSL.server.dhParamsFile": "path",
  "openSSL.server.verificationMode": "none|relaxed|strict|once",
  "openSSL.server.disableProtocols": "list of sslv2,sslv3,tlsv1,tlsv1_1,tlsv1_2,tlsv1_3",
  "openSSL.server.preferServerCiphers": "boolean",
  "logger.level": "none|fatal|critical|error|warning|notice|information|debug|trace|test",
  "logger.console": "boolean",
  "logger.log": "path",
  "logger.errorlog": "path",
  ...Object.fromEntries(
    ["query_log", "part_log", "trace_log", "metric_log", "asynchronous_metric_log", "text_log", "error_log"].map(
      (table) => [`${table}.ttl`, "TTL expression"],
    ),
  ),
};

/** Every setting by its path. */
export function leaves(value: Yaml, path = ""): readonly (readonly [path: string, value: Leaf])[] {
  if (typeof value !== "object") return [[path, value]];
  if ("@remove" in value) return [[path, undefined]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path === "" ? key : `${path}.${key}`));
}
