import { toolProblems, versionOf } from "../deploy/check-tools";
import { problemLine } from "../deploy/problem";
import { ConnectFault } from "./surroundings";

const guide = "https://docs.aws.amazon.com";

/**
 * The programs that a connection needs: the first version 2 of AWS's command line, and the first
 * plugin after 1.2.497.0, that hand the session's token on by the environment. Older ones show it in
 * the list of processes.
 */
export const tools = {
  aws: { least: [2, 14, 0], guide: `${guide}/cli/latest/userguide/getting-started-install.html` },
  "session-manager-plugin": {
    least: [1, 2, 498],
    guide: `${guide}/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html`,
  },
} as const;

const problemsOf = (tool: keyof typeof tools, printed: string | undefined) =>
  toolProblems(tool, printed, tools[tool].least, `install it: ${tools[tool].guide}`);

const fault = (problems: ReturnType<typeof problemsOf>): ConnectFault =>
  new ConnectFault(problems.map(problemLine).join("\n"));

/** The plugin is not on PATH. */
export const noPlugin = (): ConnectFault => fault(problemsOf("session-manager-plugin", undefined));

/** @throws ConnectFault with a line for each tool that is absent or too old */
export async function checkTools(env: NodeJS.ProcessEnv): Promise<void> {
  const [aws, plugin] = await Promise.all([versionOf("aws", env), versionOf("session-manager-plugin", env)]);
  const problems = [...problemsOf("aws", aws), ...problemsOf("session-manager-plugin", plugin)];
  if (problems.length > 0) throw fault(problems);
}
