import path from "node:path";
import { userInfo } from "node:os";
import { loadSoundDepartments, type SoundDepartments, type StackSpec } from "../../config";
import { stopOnSignals } from "../deploy/signals";
import { progress, written } from "../streams";
import { parseFlags, UsageError, withHelp } from "../usage";
import { profileOf, refuseOwnProfile } from "./aws-config";
import { ask, browse, changeDetector } from "./machine";
import { exported } from "./exported";
import { langfusePort, openLangfuse } from "./langfuse";
import { findLead, planLead } from "./lead";
import { findPerson } from "./person";
import { planConnection, type Connection } from "./plan";
import { printed } from "./printed";
import { openEditor, openShell } from "./runner";
import { signIn } from "./sign-in";
import { openSsh, sshMachine } from "./ssh";
import { ConnectFault, timings, type Surroundings } from "./surroundings";

export const summary = "opens a developer's workspace: signs in with MFA, starts it, opens code-server in the browser";

export const help = `npm run connect -- [PERSON] [OPTIONS]

${summary}.
PERSON is the id or the sign-in name of a developer, with --langfuse of a lead or deputy; without it, this machine's user. Credentials are those that aws
reads: AWS_PROFILE, or the default profile. The session is kept for later runs, readable by this user alone.

  --shell        a shell in this terminal instead of code-server
  --ssh          prepares ssh cline-PERSON instead: shows the lines for ~/.ssh/config and ~/.aws/config, and asks
  --langfuse     Langfuse at http://localhost:3000 instead, for leads: shows the own user and password there
  --print        the commands of AWS's command line instead; nothing is run
  --export       a script for sh instead, which opens the workspace without this repository and Node; nothing is run
  --credentials  the session's credentials instead, as AWS's credential_process reads them; asks nothing
  --port N       port of this machine, 1024 to 65535; without it a free one
  --mfa ARN      the MFA device, where it is not named like the user
  --no-browser   prints the address only
Ctrl-C ends the session. The workspace stops by itself when it is idle.
Exit codes: 0 ended by Ctrl-C or after its idle time, printed or prepared, 1 not connected, 2 a fault in a stack file
or the call; with --shell that of aws, which is 0 after whatever the shell did.
`;

/** What is done instead of opening code-server; one of them at most. */
const wishes = ["shell", "ssh", "langfuse", "print", "export", "credentials"] as const;

const flags = {
  shell: { type: "boolean" },
  ssh: { type: "boolean" },
  langfuse: { type: "boolean" },
  print: { type: "boolean" },
  export: { type: "boolean" },
  credentials: { type: "boolean" },
  port: { type: "string" },
  mfa: { type: "string" },
  "no-browser": { type: "boolean" },
} as const;

/** Opens the workspace, or prints how. Resolves with the exit code. */
export async function run(args: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseFlags(args, flags, help);
  const wished = wishes.filter((name) => values[name]);
  const faults = [
    ...(positionals.length > 1 ? [`PERSON: found ${positionals.join(" and ")}; allowed one person`] : []),
    ...(wished.length > 1 ? [`${wished.map((name) => `--${name}`).join(", ")}: found all; allowed one of them`] : []),
    ...(values.langfuse && values.port !== undefined
      ? [`--port: found it with --langfuse; allowed without: Langfuse signs people in at port ${langfusePort} only`]
      : portFault(values.port)),
    ...mfaFault(values.mfa),
  ];
  if (faults.length > 0) throw new UsageError(withHelp(faults, help));
  const connection = planned(loadSoundDepartments(root), positionals[0], values);
  if (values.ssh && connection.sshPublicKey === undefined) throw new UsageError(keyless(connection));
  if (values.print || values.export) {
    await written(values.print ? printed(connection) : exported(connection));
    return 0;
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  return connect(connection, { kind: wished[0], browser: !values["no-browser"], port, root });
}

/** The connection of a developer, or of a lead. @throws UsageError */
function planned(
  departments: SoundDepartments,
  asked: string | undefined,
  { mfa, langfuse }: { readonly mfa?: string; readonly langfuse?: boolean },
): Connection {
  const user = userInfo().username;
  const refuseDevice = ({ platform }: StackSpec): void => {
    const wrong = otherAccount(mfa, platform.identityAccount);
    if (wrong !== undefined) throw new UsageError(wrong);
  };
  if (langfuse) {
    const found = findLead(departments, asked, user);
    refuseDevice(found.spec);
    return planLead(found, mfa);
  }
  const { spec, developer } = findPerson(departments, asked, user);
  refuseDevice(spec);
  return planConnection(spec, developer, mfa);
}

const keyless = ({ person, department }: Connection): string =>
  `--ssh: found no SSH key of ${person}; needed a public one: add sshPublicKey to developers.${person} of stacks/Pulumi.${department}.yaml and deploy it`;

function portFault(text: string | undefined): string[] {
  if (text === undefined || (/^\d{4,5}$/.test(text) && Number(text) >= 1024 && Number(text) <= 65_535)) return [];
  return [`--port: found ${text}; allowed a whole number from 1024 to 65535; leave it out for a free port`];
}

function mfaFault(mfa: string | undefined): string[] {
  if (mfa === undefined || /^(arn:aws:iam::\d{12}:(mfa|sms-mfa)\/[\w+=/:,.@-]+|[A-Z0-9]{9,256})$/.test(mfa)) return [];
  return [
    `--mfa: found ${mfa}; allowed the ARN of a virtual MFA device, or the serial number of a hardware token; IAM's console shows it under Security credentials`,
  ];
}

/** AWS takes the device of the user who signs in, and of no other account. */
function otherAccount(mfa: string | undefined, identityAccount: string): string | undefined {
  const account = mfa?.startsWith("arn:") ? mfa.split(":")[4] : undefined;
  if (account === undefined || account === identityAccount) return undefined;
  return `--mfa: found a device of account ${account}; allowed one of ${identityAccount}, where the users are; IAM's console shows it under Security credentials`;
}

interface Wish {
  readonly kind: (typeof wishes)[number] | undefined;
  readonly browser: boolean;
  readonly port: number | undefined;
  /** Folder of the repository. */
  readonly root: string;
}

async function connect(connection: Connection, wish: Wish): Promise<number> {
  // In a shell Ctrl-C is a key for the shell.
  const signals = stopOnSignals(wish.kind === "shell" ? () => undefined : progress, "ending the session");
  const at: Surroundings = {
    env: process.env,
    say: progress,
    // With --credentials, standard input is another program's.
    interactive: wish.kind !== "credentials",
    ask: ask(signals.stop),
    browse: wish.browser ? browse(process.env) : () => undefined,
    changed: changeDetector(),
    stop: signals.stop,
    timings,
  };
  try {
    return await done(connection, wish, at);
  } catch (error) {
    if (!(error instanceof ConnectFault)) throw error;
    progress(signals.stop.aborted ? "stopped before the workspace was open" : error.message);
    return 1;
  } finally {
    signals.end();
  }
}

async function done(connection: Connection, { kind, port, root }: Wish, at: Surroundings): Promise<number> {
  refuseOwnProfile(connection, at.env);
  if (kind === "shell") return openShell(connection, at);
  if (kind === "langfuse") {
    // The person's own terminal: progress and messages never hold it.
    await openLangfuse(connection, at, (text) => void process.stdout.write(text));
    return 0;
  }
  if (kind === "ssh") {
    const machine = sshMachine(connection, at.env, credentialsCommand(connection, root, at.env));
    return (await openSsh(connection, at, machine)) ? 0 : 1;
  }
  if (kind === "credentials") {
    const { credentials } = await signIn(connection, at);
    process.stdout.write(`${JSON.stringify({ Version: 1, ...credentials })}\n`);
    return 0;
  }
  await openEditor(connection, at, port);
  return 0;
}

/** This command, for AWS's command line: it signs in by the profile of now, whichever asks it for credentials. */
function credentialsCommand({ person }: Connection, root: string, env: NodeJS.ProcessEnv): readonly string[] {
  const profile = profileOf(env);
  return [
    "env",
    ...["-u", "AWS_DEFAULT_PROFILE"],
    ...(profile === undefined ? ["-u", "AWS_PROFILE"] : [`AWS_PROFILE=${profile}`]),
    process.execPath,
    path.join(root, "cli", "connect", "start.cjs"),
    person,
    "--credentials",
  ];
}
