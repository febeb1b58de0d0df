import { typedWith } from "../typed";
import {
  findCommand,
  readyCommand,
  sessionCommand,
  signInCommand,
  ssoCommand,
  startCommand,
  type Command,
  type Connection,
} from "./plan";

/** Port of the printed commands on the person's machine. */
const port = "8080";

/** Variables of the printed script, in place of what only the run knows. */
const variables = { MFA_CODE: "MFA_CODE", INSTANCE_ID: "INSTANCE_ID" } as const;

const line = ({ region }: Connection, command: Command, ...more: string[]): string =>
  typedWith([...command, "--region", region, ...more], variables);

/** The connection as commands for a POSIX shell, one step after the other. They hold no credential. */
export function printed(connection: Connection): string {
  const { person, department, accountId, mfaMode, sshPublicKey } = connection;
  const say = (command: Command, ...more: string[]): string => line(connection, command, ...more);
  const credentials = ["--query", "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]", "--output", "text"];
  const sections = [
    [
      `# ${person} of ${department}: account ${accountId}, ${mfaMode}`,
      "# Paste it step by step, or keep it in a file and source that: standard input is the terminal's.",
      ...(mfaMode === "identity-center"
        ? ["# 1. Sign in, with the profile of Identity Center in AWS_PROFILE.", say(ssoCommand)]
        : [
            "# 1. Sign in, with your own access key in AWS_PROFILE. A code of the MFA device works once.",
            `printf 'MFA code: '; read -r MFA_CODE`,
          ]),
      // A refused code leaves the profile as it is, for the next try.
      `if credentials=$(${say(signInCommand(connection, "MFA_CODE"), ...credentials)}); then`,
      "read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN <<END",
      "$credentials",
      "END",
      "export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN",
      "unset AWS_PROFILE credentials",
      "fi",
    ],
    [
      "# 2. Find the workspace.",
      `INSTANCE_ID=$(${say(findCommand(connection), "--query", "Reservations[].Instances[].InstanceId", "--output", "text")})`,
    ],
    [
      "# 3. Start it. A running one stays as it is. Wait until its agent answers `connected`.",
      say(startCommand("INSTANCE_ID")),
      say(readyCommand("INSTANCE_ID")),
    ],
    [
      `# 4. code-server at http://127.0.0.1:${port}/, until Ctrl-C. /healthz answers when it is ready.`,
      say(sessionCommand(connection, "code-server", "INSTANCE_ID", port)),
    ],
    [
      "# Instead of 4: a shell.",
      `# ${say(sessionCommand(connection, "shell", "INSTANCE_ID"))}`,
      sshPublicKey === undefined
        ? "# Instead of 4: SSH, once sshPublicKey stands in the stack file."
        : "# Instead of 4: SSH, as ProxyCommand of ssh for the user developer.",
      `# ${say(sessionCommand(connection, "ssh", "INSTANCE_ID"))}`,
    ],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
