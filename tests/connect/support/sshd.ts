import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { setUpFiles } from "../../../components/workspace/set-up";
import type { World } from "../../cli/connect/world";
import { contentOf } from "../../workspace/support/files";

/** The workspace's own settings that do not name its user. */
const settings = (): string[] =>
  contentOf(setUpFiles, "/etc/ssh/sshd_config.d/10-cline.conf")
    .split("\n")
    .filter((line) => !/^(AllowUsers|AuthorizedKeysFile|PermitRootLogin)/.test(line));

/** The real sshd on loopback, with the workspace's settings, for this machine's user. */
export class Sshd {
  #log = "";

  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
    readonly port: number,
  ) {
    process.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#log += text));
  }

  static async start(port = 0): Promise<Sshd> {
    const folder = mkdtempSync(path.join(tmpdir(), "sshd-"));
    for (const name of ["host", "own"])
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path.join(folder, name)]);
    const config = path.join(folder, "sshd_config");
    const own = [
      `Port ${port}`,
      `HostKey ${path.join(folder, "host")}`,
      `AuthorizedKeysFile ${path.join(folder, "own.pub")}`,
      `PidFile ${path.join(folder, "pid")}`,
      "StrictModes no",
      "UsePAM no",
      "PermitRootLogin prohibit-password",
    ];
    writeFileSync(config, [...own, ...settings()].join("\n"));
    const sshd = new Sshd(
      folder,
      spawn("/usr/sbin/sshd", ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] }),
      port,
    );
    const deadline = Date.now() + 30_000;
    while (!/Server listening/.test(sshd.#log)) {
      if (Date.now() > deadline) throw new Error(`sshd does not start: ${sshd.#log}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return sshd;
  }

  /** Type and key, without a comment. */
  get publicKey(): string {
    return readFileSync(path.join(this.folder, "own.pub"), "utf8").split(" ").slice(0, 2).join(" ");
  }

  /** Puts the person's key into ~/.ssh, under a name that ssh does not try by itself. */
  giveIdentity(ssh: string): void {
    for (const end of ["", ".pub"])
      copyFileSync(path.join(this.folder, `own${end}`), path.join(ssh, `workspace${end}`));
  }

  /** Runs a command by ssh, as this machine's user: the workspace's own user is not there. */
  connect(world: World, config: string, host: string, command: string) {
    const { env } = world.surroundings();
    const args = [
      "-F",
      config,
      "-o",
      `UserKnownHostsFile=${path.join(this.folder, "known")}`,
      "-l",
      userInfo().username,
    ];
    const child = spawn("ssh", [...args, host, command], {
      env: { ...env, AWS_PROFILE: undefined, PATH: `${world.folder}:/usr/bin:/bin`, SHELL: "/bin/sh" },
    });
    let [out, errors, ended] = ["", "", false];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const done = new Promise<number | null>((resolve) =>
      child.once("close", (code) => {
        ended = true;
        resolve(code);
      }),
    );
    return {
      out: () => out,
      errors: () => errors,
      ended: () => ended,
      write: (text: string) => child.stdin.end(text),
      done,
    };
  }

  stop(): void {
    this.process.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
