import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { planClickHouseData } from "../../components/observability/langfuse/click-house-data";
import { planUserData, userDataLimit, withoutComments } from "../../components/workspace/user-data";

interface WrittenFile {
  readonly path: string;
  readonly content: string;
  readonly permissions: string;
}

const root = join(__dirname, "../..");
const workspace = planUserData({
  region: "ap-northeast-1",
  gatewayUrl: "https://gateway.platform.example.internal/v1",
  keySecret: "cline/example/engineering/tanaka/virtual-key",
  artifactBucket: "example-platform-artifacts-111122223333-ap-northeast-1",
  batchBucket: "example-platform-batch-files-111122223333-ap-northeast-1",
  batchOwner: "engineering/tanaka",
  logGroup: "/cline/example/engineering/workspace/tanaka",
  sshPublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7Fq3cJ0m5xg0tqgkQ6n1s8vQH0q5bq3gq2xg2u1vQk tanaka",
  caCertificate: `-----BEGIN CERTIFICATE-----\n${"MIIB".repeat(400)}\n-----END CERTIFICATE-----\n`,
});
const clickHouse = planClickHouseData({
  region: "ap-northeast-1",
  image: `111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/cline/example/clickhouse@sha256:${"0".repeat(64)}`,
  passwordSecret: "cline/example/platform/langfuse-clickhouse",
  retentionDays: 90,
  logGroup: "/cline/example/platform/clickhouse",
});
const filesOf = (userData: string) => (parse(userData) as { write_files: WrittenFile[] }).write_files;
const fileOf = (userData: string, path: string) => {
  const found = filesOf(userData).find((file) => file.path === path);
  assert.ok(found, path);
  return found.content;
};

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

  for (const [name, text] of [
    ["workspace", workspace],
    ["ClickHouse host", clickHouse],
  ] as const) {
    it(`of the ${name} is what cloud-init's own schema takes, and fits`, () => {
      accepts(text, "cloud-init", "schema", "--config-file", "FILE");
      assert.ok(Buffer.byteLength(text) < userDataLimit, String(Buffer.byteLength(text)));
    });

    it(`of the ${name} writes scripts that shellcheck finds nothing in`, () => {
      const scripts = filesOf(text).filter(({ content }) => content.startsWith("#!/bin/bash"));
      assert.ok(scripts.length >= 2);
      for (const { content } of scripts) accepts(content, "shellcheck", "--severity=style", "FILE");
    });

    it(`of the ${name} lets only root run its scripts, and gives nobody sudo`, () => {
      for (const { path, permissions } of filesOf(text).filter((file) => file.path.startsWith("/usr/local/sbin/"))) {
        assert.equal(permissions, "0700", path);
      }
      accepts(fileOf(text, "/etc/sudoers.d/zz-cline"), "/usr/sbin/visudo", "--check", "--file", "FILE");
    });
  }

  it("has every script of the repository in it", () => {
    const written = [...filesOf(workspace), ...filesOf(clickHouse)].map(({ content }) => content);
    for (const place of ["components/workspace/files", "components/observability/files"]) {
      for (const name of readdirSync(join(root, place))) {
        const text = readFileSync(join(root, place, name), "utf8");
        assert.ok(written.includes(text) || written.includes(withoutComments(text)), name);
      }
    }
  });

  it("guards the instance's credentials with rules that nftables takes: everybody but root is rejected", () => {
    const rules = fileOf(workspace, "/etc/sysconfig/nftables.conf");
    const checked = spawnSync("/usr/sbin/nft", ["--check", "--file", "-"], { input: rules, encoding: "utf8" });
    // Without the right to open a netlink socket nft still parses, and reports syntax first.
    assert.ok(checked.status === 0 || /Operation not permitted|netlink/i.test(checked.stderr), checked.stderr);
    assert.ok(!/syntax error/.test(checked.stderr), checked.stderr);
    assert.match(rules, /ip daddr 169\.254\.169\.254 meta skuid != 0 reject/);
    assert.match(fileOf(workspace, "/etc/systemd/system/amazon-ssm-agent.service.d/cline.conf"), /Requires=nftables/);
  });

  it("opens SSH on loopback only, by the declared key only", () => {
    const settings = fileOf(workspace, "/etc/ssh/sshd_config.d/10-cline.conf");
    const key = join(folder, "host_key");
    spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    accepts(settings, "/usr/sbin/sshd", "-T", "-h", key, "-f", "FILE");
    const { stdout } = spawnSync("/usr/sbin/sshd", ["-T", "-h", key, "-f", join(folder, "text")], { encoding: "utf8" });
    assert.match(stdout, /^listenaddress 127\.0\.0\.1:22$/m);
    assert.equal(stdout.match(/^listenaddress /gm)!.length, 1);
    assert.match(stdout, /^authenticationmethods publickey$/m);
    assert.match(stdout, /^permitrootlogin no$/m);
    assert.match(fileOf(workspace, "/etc/ssh/authorized_keys/developer"), /^ssh-ed25519 /);
  });

  it("starts code-server on loopback, without telemetry", () => {
    const unit = fileOf(workspace, "/etc/systemd/system/code-server@developer.service.d/cline.conf");
    assert.match(unit, /--bind-addr 127\.0\.0\.1:8080 /);
    assert.match(unit, /--disable-telemetry/);
    assert.match(unit, /NoNewPrivileges=yes/);
  });

  it("holds nothing secret", () => {
    for (const text of [workspace, clickHouse])
      assert.ok(!/sk-[A-Za-z0-9]{8}|BEGIN [A-Z ]*PRIVATE KEY|AKIA/.test(text));
  });

  it("refuses what EC2 would not take", () => {
    const plan = { region: "r", gatewayUrl: "u", keySecret: "k", artifactBucket: "b", logGroup: "l" };
    const batch = { batchBucket: "b", batchOwner: "o" };
    assert.throws(() => planUserData({ ...plan, ...batch, caCertificate: "x".repeat(userDataLimit) }), RangeError);
  });

  it("makes the developer's account last: what fails before leaves nobody able to sign in", () => {
    const bootstrap = fileOf(workspace, "/usr/local/sbin/cline-bootstrap");
    const at = (text: string) => {
      const index = bootstrap.indexOf(text);
      assert.ok(index >= 0, text);
      return index;
    };
    assert.match(bootstrap, /^set -euo pipefail$/m);
    assert.ok(at("systemctl restart nftables.service") < at("useradd"));
    assert.ok(at("sha256sum --check") < at("dnf --quiet --assumeyes install /opt/cline/code-server.rpm"));
    assert.ok(at("dnf --quiet --assumeyes install /opt/cline/code-server.rpm") < at("useradd"));
    assert.ok(at('blkid "$device" || mkfs.xfs') < at("useradd"));
  });
});
