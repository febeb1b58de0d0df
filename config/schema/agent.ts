import { z } from "zod";
import { kind, list, mapping, text } from "./kinds";
import { setting } from "./setting";

const command = text(
  "1 to 200 printable ASCII characters without quotation marks and backslashes; * stands for any text",
  /^[\x20!#-&(-[\]-~]{1,200}$/,
);
const commands = (what: string, example: string) =>
  list("a list of command patterns, 100 at most", setting(command, { meaning: what, example }), 0, 100);

const ways = mapping({
  url: setting(
    text(
      "an https:// URL without user, password, query or fragment",
      /^https:\/\/[a-z0-9.-]+(:\d{2,5})?(\/[\w./-]*)?$/,
    ),
    {
      meaning:
        "Address of a server that speaks MCP's streamable HTTP. Workspaces reach only what `cline:department.workspace.sources` names.",
      example: "https://mcp.example.com/mcp",
      absent: "command starts it",
    },
  ),
  command: setting(text("an absolute path", /^\/[\w./-]{1,200}$/), {
    meaning: "Program that serves on standard input and output; every workspace has to have it.",
    example: "/usr/local/bin/tickets",
    absent: "it is reached by url",
  }),
  args: setting(
    list(
      "a list of arguments, 20 at most",
      setting(text("1 to 200 characters on one line", /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u), {
        meaning: "An argument; no secret.",
        example: "--stdio",
      }),
      0,
      20,
    ),
    { meaning: "Arguments of command.", example: ["--stdio"], absent: "none" },
  ),
});

/** Reached in one way: by address, or by starting a program. */
const server = kind(
  ways.schema.refine(({ url, command, args }) =>
    url === undefined ? command !== undefined : command === undefined && args === undefined,
  ),
  "a mapping with url, or with command and args",
);

const mcpServers = kind(
  z.record(
    setting(text("1 to 40 letters, digits, - and _", /^[A-Za-z0-9_-]{1,40}$/), {
      meaning: "A server.",
      example: "tickets",
    }),
    setting(server, {
      meaning: "How Cline reaches it: url or command.",
      example: { url: "https://mcp.example.com/mcp" },
    }),
  ),
  "a mapping of servers by name",
);

/** What every developer's Cline may run and knows. */
export const agent = mapping({
  allowCommands: setting(commands("A pattern.", "npm test*"), {
    meaning:
      "The only commands that Cline's extension runs; every part of a chained command is judged. Its command line and shells do not read it.",
    example: ["npm *", "git status*"],
    default: [],
    words: "every command that denyCommands does not name",
  }),
  denyCommands: setting(commands("A pattern.", "git push*"), {
    meaning: "Commands that Cline's extension never runs, also where allowCommands names them. The rest is as above.",
    example: ["git push*"],
    default: [],
  }),
  mcpServers: setting(mcpServers, {
    meaning:
      "MCP servers that every developer's Cline has. No file forbids others; the closed network and DNS Firewall hold those.",
    example: { tickets: { url: "https://mcp.example.com/mcp" } },
    default: {},
    words: "none",
  }),
  rules: setting(
    text("1 to 8000 characters, no control characters but line ends and tabs", /^(?:[^\p{C}]|[\n\t]){1,8000}$/u),
    {
      meaning: "Text that every task of Cline begins with, as Markdown.",
      example: "Run the tests before you say that something is done.",
      absent: "none",
    },
  ),
  ignore: setting(
    list(
      "a list of patterns as in .gitignore, 100 at most",
      setting(
        text(
          "1 to 200 characters on one line, not beginning with # or !",
          /^[^\p{C}\p{Zl}\p{Zp}#!][^\p{C}\p{Zl}\p{Zp}]{0,199}$/u,
        ),
        {
          meaning: "A pattern.",
          example: ".env",
        },
      ),
      0,
      100,
    ),
    {
      meaning:
        "Files that Cline leaves alone where the folder ~/projects is open. A project that is opened by itself has a .clineignore of its own.",
      example: [".env", "*.pem"],
      default: [".env", ".env.*", "*.pem", "*.key", ".aws/", ".ssh/"],
    },
  ),
});
export const agentWords = {
  meaning:
    "What every developer's Cline may run and knows. A change reaches a workspace by its second start and replaces nothing.",
  example: { denyCommands: ["git push*"], rules: "Run the tests before you say that something is done." },
  default: {},
  words: "each setting's own",
} as const;
