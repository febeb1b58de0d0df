import type { DatabaseSettings } from "./settings";

/** What a person sees of an error, as Prisma's engines write it. */
export interface UserFacingError {
  readonly is_panic: boolean;
  readonly message: string;
  readonly meta: Readonly<Record<string, unknown>> | null;
  readonly error_code?: string;
}

export interface EngineError {
  readonly error: string;
  readonly user_facing_error: UserFacingError;
}

/** A fault between the engine and the database, as opposed to a database's answer. */
export class ConnectionFault extends Error {
  constructor(
    message: string,
    /** PostgreSQL's SQLSTATE or Node's name of the error. */
    readonly code?: string,
  ) {
    super(message);
  }
}

/** SQLSTATEs after which the connection is gone or was never there: shutdown, crash, starting up, no free slot, lost connections. */
export const connectionStates = new Set(["57P01", "57P02", "57P03", "53300", "08000", "08003", "08006", "08001"]);

const unreachable = new Set(
  ["57P03", "08001", "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"].concat([
    "ENETUNREACH",
    "ETIMEDOUT",
    "ENOENT",
    "EACCES",
  ]),
);

/** An error for people; the long form in `error` is the same text. */
export const engineError = (
  code: string | undefined,
  message: string,
  meta: UserFacingError["meta"] = {},
): EngineError => ({
  error: message,
  user_facing_error: { is_panic: false, message, meta, ...(code !== undefined && { error_code: code }) },
});

/** Prisma's code and words for what the driver threw. LiteLLM decides by these words whether to reconnect. */
export function describeFault(fault: unknown, settings: DatabaseSettings): EngineError {
  const { code, message } = faultOf(fault);
  const { host, port, server, limit, timeout } = settings;
  if (/^timeout exceeded when trying to connect/.test(message))
    return engineError(
      "P2024",
      `Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool (Current connection pool timeout: ${timeout}, connection limit: ${limit})`,
      { connection_limit: limit, timeout },
    );
  if (code === "53300")
    return engineError("P2037", `Too many database connections opened: FATAL: ${message}`, { message });
  if (code === "28000") return engineError("P1010", `The database on \`${server}\` denied access: ${message}`);
  if (code === "28P01")
    return engineError(
      "P1000",
      `Authentication failed against database server at \`${host}\`, the provided database credentials are not valid.\n\nPlease make sure to provide valid database credentials for the database server at \`${host}\`.`,
      { database_host: host },
    );
  if (code === "3D000")
    return engineError("P1003", `The database does not exist on the server at \`${server}\`: ${message}`);
  if (unreachable.has(code ?? "") || /connection timeout/.test(message))
    return engineError(
      "P1001",
      `Can't reach database server at \`${server}\`\n\nPlease make sure your database server is running at \`${server}\`.`,
      { database_host: host, database_port: port },
    );
  if (
    /SSL|TLS|certificate|self.signed/i.test(message) ||
    /^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code ?? "")
  )
    return engineError("P1011", `Error opening a TLS connection: ${message}`, { message });
  // Prisma's own engine gives no `meta` here either, which prisma-client-py trips over; LiteLLM knows the outage by that.
  return engineError("P1017", "Server has closed the connection.", null);
}

function faultOf(fault: unknown): { readonly code: string | undefined; readonly message: string } {
  if (!(fault instanceof Error)) return { code: undefined, message: String(fault) };
  const code = "code" in fault && typeof fault.code === "string" ? fault.code : undefined;
  return { code, message: fault.message };
}
