import type { Program } from "./programs";
import { proxyFaults } from "./servers";
import type { ExceptionName } from "./table";

/** What one program is told of where to connect, judged. */
export interface Told {
  /** URLs and connections that were read. */
  readonly read: number;
  readonly faults: readonly string[];
  readonly exceptions: readonly ExceptionName[];
}

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(?=[:/]|$)/;
/** Schemes of TLS; `s3` is the AWS command line's, which speaks HTTPS; `file` leaves no host. */
const encrypted = ["https", "s3", "file", "rediss"];

interface Url {
  readonly scheme: string;
  readonly rest: string;
}
const urlsIn = (text: string): readonly Url[] =>
  [...text.matchAll(/\b([a-z][a-z0-9+.-]*):\/\/([^\s"'\\<>)]*)/gi)].map(([, scheme = "", rest = ""]) => ({
    scheme: scheme.toLowerCase(),
    rest,
  }));

/** Words that turn encryption or verification off. */
const off: readonly RegExp[] = [
  /NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY/,
  /unverified_context|CERT_NONE|check_hostname *= *False/,
  /(^|\s)(--insecure|--no-verify-ssl|--no-check-certificate)\b/,
  /\bcurl\b[^\n|]* -[a-zA-Z]*k\b/,
  /\bverify none\b/,
  /insecure_skip_verify|rejectUnauthorized["']?: *false|ssl_verify["']?: *false|sslaccept=accept/i,
];

/** PostgreSQL's and Prisma's parameters in a text: `verify-full`, or Prisma's words for it. */
const weakDatabase = (text: string): boolean =>
  [...text.matchAll(/[A-Za-z_]*sslmode=([a-z-]+)[^\s"']*/gi)].some(
    ([all, mode]) => mode !== "verify-full" && !strictPrisma(all),
  );
const strictPrisma = (text: string): boolean => {
  const has = (name: string, value: string) => new RegExp(`(^|[?&])${name}=${value}(&|$)`).test(text);
  return has("sslmode", "require") && has("sslaccept", "strict") && has("sslcert", "/[^&]+");
};

/** A connection by the name of its host, and what must stand beside it. */
const connections: readonly { readonly host: string; readonly verified: (settings: Settings) => boolean }[] = [
  {
    host: "DATABASE_HOST",
    verified: ({ DATABASE_SSLMODE, DATABASE_SSLROOTCERT, DATABASE_ARGS, MASTER_SECRET_ARN, NODE_EXTRA_CA_CERTS }) =>
      (DATABASE_SSLMODE === "verify-full" && Boolean(DATABASE_SSLROOTCERT)) ||
      strictPrisma(DATABASE_ARGS ?? "") ||
      // The set-up's own code verifies (tests/trace-store); Lambda's roots of RDS are beside Node's.
      (Boolean(MASTER_SECRET_ARN) && NODE_EXTRA_CA_CERTS === "/var/runtime/ca-cert.pem"),
  },
  {
    host: "REDIS_HOST",
    verified: (settings) =>
      settings["REDIS_SSL"] === "True" ||
      (settings["REDIS_TLS_ENABLED"] === "true" &&
        settings["REDIS_TLS_REJECT_UNAUTHORIZED"] === "true" &&
        settings["REDIS_TLS_CHECK_SERVER_IDENTITY"] !== "false"),
  },
];
type Settings = Readonly<Record<string, string | undefined>>;

/** What holds the authority of a URL's private host: one of these settings, or a file of the host. */
const trust: Readonly<Record<string, readonly string[]>> = {
  GATEWAY_URL: ["GATEWAY_CA"],
  GATEWAY_MANAGEMENT_URL: ["GATEWAY_CA"],
  LANGFUSE_URL: ["LANGFUSE_CA", "AUTHORITY"],
  CLICKHOUSE_URL: ["NODE_EXTRA_CA_CERTS"],
  OTEL_ENDPOINT: ["OTEL_EXPORTER_OTLP_CERTIFICATE"],
};
const isPrivate = (rest: string) => /^[^/:]+\.internal(?=[:/]|$)/.test(rest);

/** Authorities of a proxy among those of the host, which somebody has to write there. */
const missingAuthorities = (text: string, given: (file: string) => boolean): readonly string[] =>
  [...text.matchAll(/ ca-file (\/etc\/pki\/\S+)/g)].map(([, file = ""]) => file).filter((file) => !given(file));

/** Reads every text that a program is given. */
export function judgeProgram({ name, settings, injected, commands }: Program): Told {
  const texts = [...Object.entries(settings), ...commands.map((text) => ["command", text] as const)];
  const urls = texts.flatMap(([key, text]) => urlsIn(text).map((url) => ({ key, ...url })));
  const isOwn = ({ rest }: Url) => loopback.test(rest);
  const open = urls.filter((url) => !encrypted.includes(url.scheme));
  const hosts = connections.filter(({ host }) => settings[host] !== undefined || injected.includes(host));
  const turnedOff = texts.filter(([, text]) => off.some((word) => word.test(text)));
  // Only a call of the program's own loopback may verify nothing.
  const ownCall = (text: string) => urlsIn(text).length > 0 && urlsIn(text).every(isOwn);
  const given = (setting: string) => Boolean(settings[setting]) || injected.includes(setting);
  return {
    read: urls.length + hosts.length,
    faults: [
      ...open.filter((url) => !isOwn(url)).map(({ key, scheme, rest }) => `${key}: ${scheme}://${rest} is no TLS`),
      ...turnedOff.filter(([, text]) => !ownCall(text)).map(([key]) => `${key}: turns verification off`),
      ...texts.filter(([, text]) => weakDatabase(text)).map(([key]) => `${key}: an sslmode that verifies nothing`),
      ...hosts.filter(({ verified }) => !verified(settings)).map(({ host }) => `${host}: no verified TLS beside it`),
      ...urls
        .filter(({ key, rest }) => /^[A-Z_]+$/.test(key) && isPrivate(rest))
        .filter(({ key }) => !(trust[key] ?? []).some(given))
        .map(({ key }) => `${key}: nothing says which authority vouches for it`),
      ...texts
        .filter(([key]) => key === "CONFIG" || key.endsWith("haproxy.cfg"))
        .flatMap(([, text]) => proxyFaults(text)),
      ...texts.flatMap(([key, text]) => missingAuthorities(text, given).map((file) => `${key}: ${file} is not there`)),
    ].map((fault) => `${name}: ${fault}`),
    exceptions: [...open.filter(isOwn), ...turnedOff].map(() => "loopback" as const),
  };
}
