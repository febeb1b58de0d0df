import assert from "node:assert/strict";
import { editor } from "../../../components/workspace/editor-door";
import { contentOf } from "./files";
import { workspaceFiles } from "./hosts";

const unit = contentOf(workspaceFiles, "/etc/systemd/system/code-server@developer.service.d/cline.conf");
const [, command = ""] = /^ExecStart=\/usr\/bin\/code-server (.+)$/m.exec(unit) ?? [];
assert.ok(command.includes(`--socket ${editor.socket} `), unit);
assert.ok(!/--(bind-addr|port|host)/.test(command), unit);

/** How the generated unit starts code-server. */
export const codeServerUnit = {
  args: command.split(" "),
  /** Variables that it sets, but paths of the machine's own. */
  environment: Object.fromEntries(
    [...unit.matchAll(/^Environment=([A-Z_]+)=(.*)$/gm)]
      .map(([, name = "", value = ""]) => [name, value] as const)
      .filter(([, value]) => !value.startsWith("/")),
  ),
} as const;
