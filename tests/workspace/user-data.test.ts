import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setUp } from "../../components/workspace/set-up";
import { withoutComments } from "../../components/workspace/script";
import { planUserData, userDataLimit } from "../../components/workspace/user-data";
import { contentOf, filesOf } from "./support/files";
import { accessNode, clickHouse, workspace, workspaceFiles, workspacePlan } from "./support/hosts";

const root = join(__dirname, "../..");
describe("user data", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "cline-user-data-"))));
  after(() => rmSync(folder, { recursive: true }));

  /** Runs a checker over a text and expects that it accepts it. */
  function accepts(text: string, program: string, ...args: readonly string[]): void {
    const file = join(folder, "text");
    writeFileSync(file, text, { mode: 0o600 });
    const { status, stdout, stderr, error } = spawnSync(
      program,
      args.map((arg) => (arg === "FILE" ? file : arg)),
      { encoding: "utf8" },
    );
    assert.equal(status, 0, `${program}: ${String(error ?? "")}${stdout}${stderr}`);
  }

  for (const [name, text, files] of [
    ["workspace", workspace, workspaceFiles],
    ["ClickHouse host", clickHouse, filesOf(clickHouse)],
    ["access node", accessNode, filesOf(accessNode)],
  ] as const) {
    it(`of the ${name} is what cloud-init's own schema takes, and fits`, () => {
      accepts(text, "cloud-init", "schema", "--config-file", "FILE");
      assert.ok(Buffer.byteLength(text) < userDataLimit, String(Buffer.byteLength(text)));
    });

    it(`of the ${name} writes scripts that shellcheck finds nothing in`, () => {
      const scripts = files.filter(({ content }) => content.startsWith("#!/bin/bash"));
      assert.ok(scripts.length >= (name === "access node" ? 1 : 2));
      for (const { content } of scripts) accepts(content, "shellcheck", "--severity=style", "FILE");
    });

    it(`of the ${name} lets only root run its scripts, and gives nobody sudo`, () => {
      for (const { path, permissions } of files.filter((file) => file.path.startsWith("/usr/local/sbin/"))) {
        assert.equal(permissions, "0700", path);
      }
      accepts(contentOf(files, "/etc/sudoers.d/zz-cline"), "/usr/sbin/visudo", "--check", "--file", "FILE");
    });
  }

  it("has every script of the repository in it", () => {
    const written = [...workspaceFiles, ...filesOf(clickHouse)].map(({ content }) => content);
    for (const place of ["components/workspace/files", "components/observability/files"]) {
      for (const name of readdirSync(join(root, place))) {
        const text = readFileSync(join(root, place, name), "utf8");
        assert.ok(written.includes(text) || written.includes(withoutComments(text)), name);
      }
    }
  });

  it("guards the instance's credentials with rules that nftables takes: everybody but root is rejected", () => {
    const rules = contentOf(workspaceFiles, "/etc/sysconfig/nftables.conf");
    const checked = spawnSync("/usr/sbin/nft", ["--check", "--file", "-"], { input: rules, encoding: "utf8" });
    // Without the right to open a netlink socket nft still parses, and reports syntax first.
    assert.ok(checked.status === 0 || /Operation not permitted|netlink/i.test(checked.stderr), checked.stderr);
    assert.ok(!/syntax error/.test(checked.stderr), checked.stderr);
    assert.match(rules, /ip daddr 169\.254\.169\.254 meta skuid != 0 reject/);
    assert.match(rules, /ip6 daddr fd00:ec2::254 meta skuid != 0 reject/);
    assert.match(
      contentOf(workspaceFiles, "/etc/systemd/system/amazon-ssm-agent.service.d/cline.conf"),
      /Requires=nftables/,
    );
  });

  it("opens SSH on loopback only, by the declared key only", () => {
    const settings = contentOf(workspaceFiles, "/etc/ssh/sshd_config.d/10-cline.conf");
    const key = join(folder, "host_key");
    spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    accepts(settings, "/usr/sbin/sshd", "-T", "-h", key, "-f", "FILE");
    const { stdout } = spawnSync("/usr/sbin/sshd", ["-T", "-h", key, "-f", join(folder, "text")], { encoding: "utf8" });
    assert.match(stdout, /^listenaddress 127\.0\.0\.1:22$/m);
    assert.equal(stdout.match(/^listenaddress /gm)!.length, 1);
    assert.match(stdout, /^authenticationmethods publickey$/m);
    assert.match(stdout, /^permitrootlogin no$/m);
    assert.match(contentOf(workspaceFiles, "/etc/ssh/authorized_keys/developer"), /^ssh-ed25519 /);
  });

  it("starts code-server behind its door on the loopback, without telemetry", () => {
    const unit = contentOf(workspaceFiles, "/etc/systemd/system/code-server@developer.service.d/cline.conf");
    assert.match(unit, /--socket \/run\/cline-editor\/code-server\.sock /);
    assert.match(unit, /\nRuntimeDirectory=cline-editor\nRuntimeDirectoryMode=0700\n/);
    assert.match(contentOf(workspaceFiles, "/etc/cline/editor/haproxy.cfg"), /^ {2}bind 127\.0\.0\.1:8080$/m);
    assert.match(unit, /--disable-telemetry/);
    // Its proxy would hand a page's request on to the local gateway.
    assert.match(unit, /--disable-proxy/);
    assert.match(unit, /NoNewPrivileges=yes/);
  });

  it("holds nothing secret", () => {
    for (const text of [workspace, setUp.content, clickHouse, accessNode])
      assert.ok(!/sk-[A-Za-z0-9]{8}|BEGIN [A-Z ]*PRIVATE KEY|AKIA/.test(text));
  });

  it("refuses what EC2 would not take", () => {
    assert.throws(() => planUserData({ ...workspacePlan, caCertificate: "x".repeat(userDataLimit) }), RangeError);
  });

  it("makes the developer's account last: what fails before leaves nobody able to sign in", () => {
    const bootstrap = contentOf(workspaceFiles, "/usr/local/sbin/cline-bootstrap");
    const at = (text: string) => {
      const index = bootstrap.indexOf(text);
      assert.ok(index >= 0, text);
      return index;
    };
    assert.match(bootstrap, /^set -euo pipefail$/m);
    assert.ok(at("systemctl enable --now nftables.service") < at("useradd --uid 1000"));
    assert.ok(at("sha256sum --check") < at("dnf --quiet --assumeyes install /opt/cline/code-server.rpm"));
    assert.ok(at("dnf --quiet --assumeyes install /opt/cline/code-server.rpm") < at("useradd --uid 1000"));
    assert.ok(at("mkfs.xfs") < at("useradd --uid 1000"));
  });
});
