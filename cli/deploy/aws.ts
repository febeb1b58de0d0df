import { spawn } from "node:child_process";

/** What AWS's command line answered: the printed JSON, or the error's code and message. */
export type AwsAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** An answer that is an error. */
export type AwsFailure = Extract<AwsAnswer, { readonly ok: false }>;

/**
 * Runs a command of AWS's command line, with its arguments after `aws`.
 * @param region default: the region that the caller was made with
 */
export type Aws = (args: readonly string[], region?: string) => Promise<AwsAnswer>;

/** Codes of failures that are not AWS's. */
export const ownCodes = {
  notInstalled: "NotInstalled",
  late: "Timeout",
  noJson: "NoJson",
  usage: "Usage",
  noCredentials: "NoCredentials",
  /** Files of credentials or configuration that the command line cannot read. */
  unreadable: "Unreadable",
  network: "Network",
  certificate: "Certificate",
  stopped: "Stopped",
  expired: "ExpiredToken",
} as const;

/** A whole answer takes seconds; a lookup that hangs must not hold up a deployment. Milliseconds. */
export const deadlineMs = 60_000;

/** AWS's own codes of credentials that have ended. */
const expiredCodes = new Set(["ExpiredToken", "ExpiredTokenException", "RequestExpired"]);

/**
 * The command line on PATH. It inherits the environment, so also the credentials; it never asks and
 * never pages.
 * @param stop ends a command that runs
 */
export function awsCli(region: string, env: NodeJS.ProcessEnv = process.env, stop?: AbortSignal): Aws {
  return (args, other) => run([...args, "--region", other ?? region, "--output", "json"], env, stop);
}

function run(args: readonly string[], env: NodeJS.ProcessEnv, stop?: AbortSignal): Promise<AwsAnswer> {
  return new Promise((resolve) => {
    const child = spawn("aws", args, {
      env: { ...env, AWS_PAGER: "", AWS_CLI_AUTO_PROMPT: "off" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: deadlineMs,
      ...(stop && { signal: stop }),
    });
    const [out, errors]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.once("error", (error: NodeJS.ErrnoException) =>
      resolve(failed(startFailures[error.code ?? ""] ?? error.code ?? "Error", error.message)),
    );
    child.once("close", (code, signal) => {
      if (signal !== null && !child.killed) resolve(failed(ownCodes.stopped, `ended by ${signal}`));
      else if (signal !== null) resolve(failed(ownCodes.late, `no answer within ${deadlineMs / 1000} s`));
      else if (code === 0) resolve(parsed(Buffer.concat(out).toString("utf8")));
      else resolve(awsErrorOf(Buffer.concat(errors).toString("utf8"), code ?? 1));
    });
  });
}

const startFailures: Readonly<Record<string, string>> = { ENOENT: ownCodes.notInstalled, ABORT_ERR: ownCodes.stopped };

const failed = (code: string, message: string): AwsFailure => ({ ok: false, code, message });

/** An operation without output, such as `s3api head-bucket`, prints nothing: an empty object. */
function parsed(text: string): AwsAnswer {
  if (text.trim() === "") return { ok: true, value: {} };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return failed(ownCodes.noJson, "the answer is no JSON");
  }
}

/** Failures before AWS is asked, by what botocore and Python print. */
const failures = [
  [/SSL validation failed|CERTIFICATE_VERIFY_FAILED/i, ownCodes.certificate],
  [
    /Could not connect to the endpoint|(Connect|Read) timeout on endpoint|Failed to connect to proxy|Connection was closed before|Name or service not known/i,
    ownCodes.network,
  ],
  [/Unable to parse config file|PermissionError|Permission denied: .*(credentials|config)/i, ownCodes.unreadable],
] as const;

/** `code` and `message` as AWS's command line prints them; between them it may count its retries. */
const printed =
  /An error occurred \((\S+?)\) when calling the \S+ operation(?: \(reached max retries: \d+\))?:\s*([^\n]*)/;

/** A proxy, or a service in trouble, answers with a page: it says nothing to the reader of a terminal. */
const page = (text: string): string =>
  /^(b')?<(!doctype|html)/i.test(text) ? "a web page instead of AWS's answer: a proxy, or a service in trouble" : text;

/** What a failed command printed as an error. Exit code 252 (2 in version 1): it did not understand the command. */
export function awsErrorOf(text: string, code: number): AwsFailure {
  const [, name, message = ""] = printed.exec(text) ?? [];
  if (name !== undefined) return failed(expiredCodes.has(name) ? ownCodes.expired : name, page(message.trim()));
  const last = page(text.trim().split("\n").at(-1)?.trim() ?? "");
  const own = failures.find(([pattern]) => pattern.test(text));
  if (own) return failed(own[1], last);
  if (/Unable to locate credentials|config profile .* could not be found|partial credentials/i.test(text))
    return failed(ownCodes.noCredentials, last);
  if (/token.*(has expired|is expired)|SSO session .* has expired/i.test(text)) return failed(ownCodes.expired, last);
  return failed(code === 252 || code === 2 ? ownCodes.usage : "Error", last);
}
