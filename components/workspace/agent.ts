import type { PlatformSpec } from "../../config";

/** A file of the platform's settings of Cline, which workspaces fetch at their start. */
export interface AgentFile {
  /** Name in `/etc/cline`. */
  readonly name: string;
  readonly content: string;
}

/** Key of a department's copy in the artifacts' bucket. */
export const agentKey = (stack: string, name: string): string => `workspace/agent/${stack}/${name}`;

/**
 * What workspaces are told of `cline:platform.agent`: what the settings program reads, and the variable
 * of the command policy. The declared patterns hold no quotation mark, so the variable's line is one value.
 */
export function planAgentFiles(agent: PlatformSpec["agent"]): readonly AgentFile[] {
  const { allowCommands, denyCommands, mcpServers, rules = "", ignore } = agent;
  const servers = Object.entries(mcpServers).map(([name, { url, command, args }]) => [
    name,
    url === undefined ? { type: "stdio", command, args: args ?? [] } : { type: "streamableHttp", url },
  ]);
  const settings = { mcpServers: Object.fromEntries(servers) as object, rules, ignore };
  // Redirects stay allowed: the extension would refuse them as soon as there is any policy.
  const policy = {
    ...(allowCommands.length > 0 && { allow: allowCommands }),
    ...(denyCommands.length > 0 && { deny: denyCommands }),
    allowRedirects: true,
  };
  const judged = allowCommands.length + denyCommands.length > 0;
  return [
    { name: "agent.json", content: `${JSON.stringify(settings, undefined, 2)}\n` },
    {
      name: "agent.env",
      content: judged ? `CLINE_COMMAND_PERMISSIONS='${JSON.stringify(policy)}'\n` : "# no command policy\n",
    },
  ];
}
