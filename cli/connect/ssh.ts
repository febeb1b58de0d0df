import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { workspaceUser } from "../../components/workspace/user";
import { shellWords, typed } from "../typed";
import { awsConfigFile, hostOf } from "./aws-config";
import { blockText, rewrite, textOf, withBlock, withoutBlock, type Block } from "./block";
import { sessionCommand, type Connection } from "./plan";
import { inSession } from "./runner";
import { ConnectFault, type Surroundings } from "./surroundings";
import { runningWorkspace } from "./workspace";

/** What the blocks hold of this machine. */
export interface SshMachine {
  /** ssh's configuration. */
  readonly sshConfig: string;
  /** AWS's configuration, with its profiles. */
  readonly awsConfig: string;
  /** Command that prints the session's credentials, as AWS's `credential_process` reads them. */
  readonly credentials: readonly string[];
  /** Private key beside the declared public one; absent: ssh's own choice, and its agent's. */
  readonly identity?: string;
}

/**
 * Lines for ssh and for AWS's command line: ssh reaches sshd on the workspace's loopback through the
 * SSH document. The instance is the host key's name, so another instance's key is no alarm.
 */
export function planSsh(connection: Connection, instance: string, machine: SshMachine): readonly Block[] {
  const { person, region } = connection;
  const host = hostOf(connection);
  const proxy = typed([...sessionCommand(connection, "ssh", instance), "--region", region, "--profile", host]);
  const identity = machine.identity;
  return [
    {
      file: machine.awsConfig,
      name: person,
      place: "last",
      lines: [`[profile ${host}]`, `region = ${region}`, `credential_process = ${shellWords(machine.credentials)}`],
    },
    {
      file: machine.sshConfig,
      name: person,
      place: "first",
      lines: [
        `Host ${host}`,
        `  User ${workspaceUser}`,
        `  HostKeyAlias ${instance}`,
        "  StrictHostKeyChecking accept-new",
        ...(identity === undefined ? [] : [`  IdentityFile ${sshPath(identity)}`, "  IdentitiesOnly yes"]),
        // ssh reads % as the beginning of a token.
        `  ProxyCommand ${proxy.replaceAll("%", "%%")}`,
        // What follows in the file belongs to every host, as before.
        "Host *",
      ],
    },
  ];
}

/** The private key beside a public one of ~/.ssh that is the declared one. */
function identityOf(publicKey: string, folder: string): string | undefined {
  const body = (text: string): string => text.trim().split(/\s+/).slice(0, 2).join(" ");
  const fits = (name: string): boolean => body(publicText(path.join(folder, name))) === body(publicKey);
  const name = names(folder).find((each) => each.endsWith(".pub") && fits(each));
  return name === undefined ? undefined : path.join(folder, name.slice(0, -".pub".length));
}

/** A folder of that name, or a file that this user may not read, is nobody's key. */
function publicText(file: string): string {
  try {
    return textOf(file);
  } catch {
    return "";
  }
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // No ~/.ssh: no key in it.
    return [];
  }
}

/** A path in ssh's configuration, where % begins a token. It has no form for some characters. @throws ConnectFault */
function sshPath(file: string): string {
  if (/["\\\n]|\$\{/.test(file))
    throw new ConnectFault(
      `~/.ssh: found the key ${file}, which ssh's configuration cannot name; needed a path without ", \\ and \${; rename the key, then run this again`,
    );
  return `"${file.replaceAll("%", "%%")}"`;
}

/** @param credentials command that prints the session's credentials */
export function sshMachine(connection: Connection, env: NodeJS.ProcessEnv, credentials: readonly string[]): SshMachine {
  const home = env["HOME"] ?? homedir();
  const folder = path.join(home, ".ssh");
  const identity = identityOf(connection.sshPublicKey ?? "", folder);
  return {
    sshConfig: path.join(folder, "config"),
    awsConfig: awsConfigFile(env),
    credentials,
    ...(identity !== undefined && { identity }),
  };
}

/**
 * Prepares `ssh cline-PERSON`: signs in, starts the workspace, and writes the blocks after asking,
 * where they are not there yet.
 * @returns false where the person wants none
 * @throws ConnectFault
 */
export async function openSsh(connection: Connection, at: Surroundings, machine: SshMachine): Promise<boolean> {
  const { value: instance } = await inSession(connection, at, ({ aws }) => runningWorkspace(aws, connection, at));
  const blocks = planSsh(connection, instance, machine);
  const changes = blocks.filter((block) => changed(block, connection) !== undefined);
  for (const block of changes) at.say(`${block.file}:\n\n${blockText(block)}`);
  if (changes.length > 0 && !/^y(es)?$/i.test((await at.ask("Write these lines? [y/N] "))?.trim() ?? "")) {
    at.say("nothing is written");
    return false;
  }
  for (const block of changes) {
    // Read again: the person may have changed the file before answering.
    const text = changed(block, connection);
    if (text !== undefined) rewrite(block.file, text);
  }
  at.say(`ready: ssh ${hostOf(connection)}`);
  return true;
}

/** The file with the block, as it is to be written; undefined where it holds the block already. */
function changed(block: Block, connection: Connection): string | undefined {
  const text = textOf(block.file);
  refuseOthers(text, block, connection);
  const wished = withBlock(text, block);
  return wished === text ? undefined : wished;
}

/** A host or profile of that name outside the block would win, or break the file. */
function refuseOthers(text: string, block: Block, connection: Connection): void {
  const others = withoutBlock(text, block);
  const name = hostOf(connection);
  if (new RegExp(`^\\s*(Host(\\s+|=)(.*\\s)?${name}(\\s|$)|\\[profile\\s+${name}\\])`, "im").test(others))
    throw new ConnectFault(`${block.file}: found ${name} outside this command's lines; rename it, then run this again`);
}
