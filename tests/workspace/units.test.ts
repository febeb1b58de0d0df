import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { MachineFile } from "../../components/workspace/script";
import { filesOf, writeBelow } from "./support/files";
import { accessNode, clickHouse, workspaceFiles } from "./support/hosts";

const folder = "/etc/systemd/system/";

/** Programs that the AMI or a package brings, which a unit starts. */
const programs = ["/usr/bin/docker", "/usr/bin/dnf", "/usr/sbin/haproxy", "/usr/bin/code-server"];

/** Units that the AMI or a package brings: as far as ours name or change them. The mount is systemd's own, of the bootstrap's line in fstab. */
const brought: Readonly<Record<string, string>> = {
  "docker.service": "[Service]\nExecStart=/usr/bin/docker\n",
  "nftables.service": "[Service]\nType=oneshot\nExecStart=/usr/bin/docker\n",
  "amazon-ssm-agent.service": "[Service]\nExecStart=/usr/bin/docker\n[Install]\nWantedBy=multi-user.target\n",
  "code-server@.service": "[Service]\nType=exec\nExecStart=/usr/bin/code-server\nUser=%i\n",
  "var-lib-clickhouse.mount": "[Mount]\nWhat=/dev/sdf\nWhere=/var/lib/clickhouse\n",
};

/** The units that a host's files make or change. */
const unitsOf = (files: readonly MachineFile[]): readonly string[] => [
  ...new Set(
    files
      .map((file) => file.path)
      .filter((name) => name.startsWith(folder))
      .map((name) => name.slice(folder.length).replace(/\.d\/.*$/, "")),
  ),
];

/** Units that a host's units name and nobody brings: systemd says nothing of those. */
function missing(root: string, files: readonly MachineFile[]): string {
  const named = files
    .filter((file) => file.path.startsWith(folder))
    .flatMap(({ content }) => [...content.matchAll(/^(?:Requires|Wants)=(.*)$/gm)])
    .flatMap(([, names = ""]) => names.split(" "));
  const places = [folder, "/usr/lib/systemd/system/"].map((each) => path.join(root, each));
  return named
    .filter((name) => !places.some((place) => existsSync(path.join(place, name))))
    .map((name) => `${name} not found`)
    .join("\n");
}

/** What systemd says of a host's units in a root of their own; empty where it has nothing to say. */
function verify(files: readonly MachineFile[]): string {
  const root = mkdtempSync(path.join(tmpdir(), "cline-units-"));
  try {
    for (const each of ["usr/bin", "usr/sbin", "usr/lib/systemd", "etc"])
      mkdirSync(path.join(root, each), { recursive: true });
    cpSync("/usr/lib/systemd/system", path.join(root, "usr/lib/systemd/system"), {
      recursive: true,
      verbatimSymlinks: true,
    });
    for (const each of programs) writeFileSync(path.join(root, each), "", { mode: 0o755 });
    for (const [name, text] of Object.entries(brought))
      writeFileSync(path.join(root, "usr/lib/systemd/system", name), text);
    writeBelow(root, files);
    const { status, stdout, stderr, error } = spawnSync(
      "systemd-analyze",
      ["verify", "--root", root, "--man=no", "--recursive-errors=no", ...unitsOf(files)],
      { encoding: "utf8", env: { PATH: process.env["PATH"], SYSTEMD_LOG_LEVEL: "warning" } },
    );
    const said = `${stdout}${stderr}${missing(root, files)}`.trim();
    assert.equal(error, undefined);
    return status === 0 ? said : said || "no words";
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

describe("systemd units", () => {
  for (const [name, files, count] of [
    ["workspace", workspaceFiles, 11],
    ["ClickHouse host", filesOf(clickHouse), 9],
    ["access node", filesOf(accessNode), 1],
  ] as const)
    it(`of the ${name} are what systemd takes, without a warning`, () => {
      assert.equal(unitsOf(files).length, count);
      assert.equal(verify(files), "");
    });

  it("would be refused with a word that systemd does not know, a program that is missing, or a unit that nobody brings", () => {
    const files = filesOf(clickHouse);
    const changed = (from: string, to: string) =>
      files.map((file) => ({ ...file, content: file.content.replaceAll(from, to) }));
    assert.match(verify(changed("RestartSec=", "RestartSecs=")), /Unknown key/);
    assert.match(verify(changed("/usr/bin/docker stop", "/usr/bin/podman stop")), /not executable/);
    assert.match(verify(changed("Requires=docker.service", "Requires=dockerd.service")), /dockerd\.service not found/);
    assert.match(verify(changed("OnCalendar=hourly", "OnCalendar=sometimes")), /calendar|OnCalendar/i);
  });
});

/** Names of settings by which `systemd-analyze security` counts a unit as confined. */
function confined(unit: string): ReadonlySet<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "cline-unit-"));
  try {
    const file = path.join(folder, "cline-gateway.service");
    writeFileSync(file, unit);
    const { stdout, stderr } = spawnSync("systemd-analyze", ["security", "--offline=true", "--json=short", file], {
      encoding: "utf8",
    });
    assert.notEqual(stdout, "", stderr);
    const rows = JSON.parse(stdout) as { readonly set: boolean; readonly json_field: string }[];
    return new Set(rows.flatMap(({ set, json_field: name }) => (set ? [name] : [])));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("the local gateway's unit, whose memory holds the key", () => {
  const unit = workspaceFiles.find(({ path: at }) => at.endsWith("/cline-gateway.service"))?.content ?? "";

  it("is confined, by systemd's own judgement; each line taken out is noticed", () => {
    const whole = confined(unit);
    for (const line of [
      "User=cline-gateway",
      "NoNewPrivileges=yes",
      "CapabilityBoundingSet=",
      "ProtectSystem=strict",
      "ProtectHome=yes",
      "PrivateTmp=yes",
      "PrivateDevices=yes",
      "ProtectKernelTunables=yes",
      "ProtectKernelModules=yes",
      "ProtectControlGroups=yes",
      "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    ]) {
      assert.ok(unit.includes(`\n${line}\n`), line);
      const less = confined(unit.replace(`\n${line}\n`, "\n"));
      assert.ok(
        [...whole].some((name) => !less.has(name)),
        `${line}: nothing notices it`,
      );
    }
  });

  it("leaves neither core dump nor swap, and its socket and the key's program to root and its user", () => {
    for (const line of ["LimitCORE=0", "MemorySwapMax=0", "RuntimeDirectoryMode=0700"])
      assert.ok(unit.includes(`\n${line}\n`), line);
    // "+": as root, although the unit has a user of its own.
    assert.match(unit, /\nExecStartPost=-\+\/usr\/local\/sbin\/cline-key-refresh\n/);
  });
});
