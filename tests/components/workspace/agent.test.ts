import assert from "node:assert/strict";
import { agentKey, planAgentFiles } from "../../../components/workspace/agent";

const agent = { allowCommands: [], denyCommands: [], mcpServers: {}, ignore: [".env"] };
const contents = (more: Partial<Parameters<typeof planAgentFiles>[0]>) =>
  planAgentFiles({ ...agent, ...more }).map(({ content }) => content);

describe("the platform's settings of Cline", () => {
  it("are what the settings program reads, and no command policy without patterns", () => {
    const mcpServers = { docs: { url: "https://mcp.example.com" }, own: { command: "/usr/bin/own" } };
    const [settings = "", policy] = contents({ mcpServers, rules: "Tests first." });
    assert.deepEqual(JSON.parse(settings), {
      mcpServers: {
        docs: { type: "streamableHttp", url: "https://mcp.example.com" },
        own: { type: "stdio", command: "/usr/bin/own", args: [] },
      },
      rules: "Tests first.",
      ignore: [".env"],
    });
    assert.equal(policy, "# no command policy\n");
  });

  it("hold the command policy as one line of a unit's environment", () => {
    const [, policy] = contents({ denyCommands: ["git push*"] });
    assert.equal(policy, `CLINE_COMMAND_PERMISSIONS='{"deny":["git push*"],"allowRedirects":true}'\n`);
    const [, both] = contents({ allowCommands: ["npm *"], denyCommands: ["npm publish*"] });
    assert.match(both ?? "", /'\{"allow":\["npm \*"\],"deny":\["npm publish\*"\],"allowRedirects":true\}'/);
  });

  it("lie where the workspaces of a department may read", () => {
    assert.equal(agentKey("engineering", "agent.json"), "workspace/agent/engineering/agent.json");
  });
});
