import { spawn } from "node:child_process";
import { z } from "zod";
import { awsCli, deadlineMs, ownCodes, type Aws, type AwsFailure } from "../deploy/aws";
import { cacheFile, credentials, forget, readCache, writeCache, type Credentials } from "./cache";
import { signInCommand, ssoCommand, type Connection } from "./plan";
import { ConnectFault, type Surroundings } from "./surroundings";
import { checkTools } from "./tools";
import { refusal } from "./words";

const answered = z.object({ Credentials: credentials });

/** A session of the person: the environment that holds it, for programs, and the command line with it. */
export interface SignedIn {
  readonly env: NodeJS.ProcessEnv;
  readonly credentials: Credentials;
  readonly aws: Aws;
  /** The command line for what ends a session: Ctrl-C does not stop it. */
  readonly closing: Aws;
  /** The next sign-in asks again. */
  readonly forget: () => void;
}

/** Signs in, or takes the credentials of an earlier run while they serve. @throws ConnectFault */
export async function signIn(connection: Connection, at: Surroundings): Promise<SignedIn> {
  const file = cacheFile(connection, at.env);
  const kept = readCache(file, Date.now());
  if (kept === undefined) await checkTools(at.env);
  const session = kept ?? (await fresh(connection, at));
  if (kept === undefined) writeCache(file, session);
  const env = withSession(at.env, session);
  return {
    env,
    credentials: session,
    aws: patient(awsCli(connection.region, env, at.stop), at),
    closing: closing(connection, env, at),
    forget: () => forget(file),
  };
}

/** A machine that lost its network ends all the same. */
const closing =
  ({ region }: Connection, env: NodeJS.ProcessEnv, { say, timings }: Surroundings): Aws =>
  async (args) => {
    const answer = await awsCli(region, env, AbortSignal.timeout(timings.grace))(args);
    if (!answer.ok) say(`session: AWS did not confirm its end (${answer.code}); it ends after its idle time`);
    return answer;
  };

/** Says what a slow answer is waited for. */
const patient =
  (aws: Aws, { say, timings }: Surroundings): Aws =>
  async (args, region) => {
    const timer = setTimeout(
      () => say(`waiting for \`aws ${args.slice(0, 2).join(" ")}\`, ${deadlineMs / 1000} s at most`),
      timings.quiet,
    );
    try {
      return await aws(args, region);
    } finally {
      clearTimeout(timer);
    }
  };

/** The plugin prefers a profile to the keys of the environment, and a profile with MFA gives it none. */
function withSession(env: NodeJS.ProcessEnv, session: Credentials): NodeJS.ProcessEnv {
  const { AWS_PROFILE: _profile, AWS_DEFAULT_PROFILE: _default, AWS_SECURITY_TOKEN: _old, ...rest } = env;
  return {
    ...rest,
    AWS_ACCESS_KEY_ID: session.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: session.SecretAccessKey,
    AWS_SESSION_TOKEN: session.SessionToken,
  };
}

async function fresh(connection: Connection, at: Surroundings): Promise<Credentials> {
  const code = connection.mfaSerial === undefined ? "" : await mfaCode(connection.mfaSerial, connection.person, at);
  const aws = patient(awsCli(connection.region, at.env, at.stop), at);
  const command = signInCommand(connection, code);
  let answer = await aws(command);
  if (!answer.ok && connection.mfaMode === "identity-center" && needsLogin(answer)) {
    await ssoLogin(connection, at);
    answer = await aws(command);
  }
  if (!answer.ok) throw refusal("sign-in", answer, connection);
  const read = answered.safeParse(answer.value);
  // The answer is not shown: it holds credentials.
  if (!read.success) throw new ConnectFault("sign-in: AWS answered in another shape; update AWS's command line");
  refuseClock(read.data.Credentials, connection.seconds);
  return read.data.Credentials;
}

const needsLogin = ({ code }: AwsFailure): boolean =>
  code === ownCodes.expired || code === ownCodes.noCredentials || code === "Error";

const inTerminal = (person: string): string =>
  `run \`npm run connect -- ${person}\` in a terminal once, later runs use the session`;

async function mfaCode(serial: string, person: string, { ask, interactive }: Surroundings): Promise<string> {
  const code = interactive ? (await ask(`MFA code of ${serial}: `))?.trim() : undefined;
  if (code !== undefined && /^\d{6}$/.test(code)) return code;
  throw new ConnectFault(
    code === undefined
      ? `MFA code: found no input; needed the six digits of the device; ${inTerminal(person)}`
      : "MFA code: found something else (not shown); needed six digits; run this again",
  );
}

async function ssoLogin({ region, person }: Connection, { env, say, interactive }: Surroundings): Promise<void> {
  if (!interactive)
    throw new ConnectFault(`sign-in: found no session of Identity Center that still runs; ${inTerminal(person)}`);
  say("Identity Center asks you to sign in, in a browser.");
  return new Promise((resolve, reject) => {
    const child = spawn("aws", [...ssoCommand, "--region", region], { env, stdio: ["inherit", 2, 2] });
    child.once("error", (error) => reject(new ConnectFault(`aws: cannot be started: ${error.message}`)));
    child.once("close", (code) => {
      if (code === 0) resolve();
      else
        reject(
          new ConnectFault(
            "sign-in: `aws sso login` failed; needed a profile of Identity Center; run `aws configure sso` once and set AWS_PROFILE to it",
          ),
        );
    });
  });
}

/** AWS accepts requests within five minutes; a session's own end shows a smaller difference, too. */
function refuseClock({ Expiration }: Credentials, seconds: number): void {
  const minutes = Math.round((Date.parse(Expiration) - Date.now() - seconds * 1000) / 60_000);
  if (Math.abs(minutes) > 10)
    throw new ConnectFault(
      `clock: this machine is ${Math.abs(minutes)} minutes ${minutes > 0 ? "behind" : "ahead of"} AWS's time; set it by the system's time service, then run this again`,
    );
}
