import { readFileSync } from "node:fs";
import path from "node:path";
import { shellWords, typedWith } from "../typed";
import { cacheName } from "./cache";
import {
  findCommand,
  readyCommand,
  sessionCommand,
  signInCommand,
  ssoCommand,
  startCommand,
  terminateCommand,
  type Command,
  type Connection,
} from "./plan";
import { tools } from "./tools";

/** Variables of the script, in place of what only the run knows. */
const variables = {
  MFA_CODE: "MFA_CODE",
  INSTANCE_ID: "INSTANCE_ID",
  SESSION_ID: "SESSION_ID",
  PORT: "port",
} as const;

/**
 * A program for a POSIX shell that opens the person's workspace without this repository. It holds no
 * credential, and shares the session with this command.
 */
export function exported(connection: Connection): string {
  const template = readFileSync(path.join(__dirname, "files", "connect.sh"), "utf8");
  return template.replace("# @values\n", () => values(connection));
}

function values(connection: Connection): string {
  const { person, department, signIn, region, mfaSerial = "" } = connection;
  const aws = tools.aws;
  const plugin = tools["session-manager-plugin"];
  const assigned = {
    PERSON: person,
    DEPARTMENT: department,
    SIGN_IN: signIn,
    SERIAL: mfaSerial,
    CACHE: cacheName(connection),
    LEAST_AWS: aws.least.join("."),
    GUIDE_AWS: aws.guide,
    LEAST_PLUGIN: plugin.least.join("."),
    GUIDE_PLUGIN: plugin.guide,
  };
  const defined: readonly (readonly [string, Command, ...string[]])[] = [
    ["sign_in", signInCommand(connection, "MFA_CODE"), "--query", "Credentials", "--output", "json"],
    ["login", ssoCommand],
    [
      "describe",
      findCommand(connection),
      "--query",
      "Reservations[].Instances[].[InstanceId,State.Name]",
      "--output",
      "text",
    ],
    ["start", startCommand("INSTANCE_ID")],
    ["terminate", terminateCommand("SESSION_ID")],
    ["agent", readyCommand("INSTANCE_ID"), "--query", "Status", "--output", "text"],
  ];
  // In place of the shell that starts it: nothing stands between the terminal's signals and the plugin.
  const sessions: typeof defined = [
    ["forward", sessionCommand(connection, "code-server", "INSTANCE_ID", "PORT")],
    ["shell", sessionCommand(connection, "shell", "INSTANCE_ID")],
  ];
  const call = (command: Command, more: readonly string[]): string =>
    typedWith([...command, "--region", region, ...more], variables);
  return [
    "MFA_CODE='' INSTANCE_ID='' SESSION_ID=''",
    ...Object.entries(assigned).map(([name, value]) => `${name}=${shellWords([value])}`),
    ...defined.map(([name, command, ...more]) => `${name}() { ${call(command, more)}; }`),
    ...sessions.map(([name, command, ...more]) => `${name}() { exec ${call(command, more)}; }`),
    "",
  ].join("\n");
}
