import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { contentOf } from "./support/files";
import { workspaceFiles } from "./support/hosts";

/** Who tries: root, whose agent forwards ports; the developer; a service; nobody. */
const uids = [0, 1000, 970, 65534];

/** Connects as each user to each address, in a network of its own with the given rules. */
const tried = `
import os, socket, subprocess, sys
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
subprocess.run(["ip", "addr", "add", "169.254.169.254/32", "dev", "lo"], check=True)
subprocess.run(["/usr/sbin/nft", "-f", "-"], input=sys.stdin.buffer.read(), check=True)
places = [("127.0.0.1", 4000), ("127.0.0.2", 4000), ("127.0.0.1", 8080), ("::1", 8080), ("127.0.0.1", 9000), ("169.254.169.254", 80)]
servers = [socket.create_server(place, family=socket.AF_INET6 if ":" in place[0] else socket.AF_INET) for place in places]
for uid in map(int, sys.argv[1:]):
    open_to = []
    for place in places:
        pid = os.fork()
        if pid == 0:
            os.setuid(uid)
            try:
                socket.create_connection(place, timeout=3).close()
            except OSError:
                os._exit(1)
            os._exit(0)
        if os.waitpid(pid, 0)[1] == 0:
            open_to.append("%s:%d" % place)
    print(uid, *open_to)
`;

function reached(rules: string): Readonly<Record<string, readonly string[]>> {
  const [file = "", ...args] = [
    ...(process.getuid?.() === 0 ? [] : ["sudo"]),
    ...["unshare", "--net", "/usr/bin/python3", "-I", "-c", tried, ...uids.map(String)],
  ];
  const { status, stdout, stderr } = spawnSync(file, args, { input: rules, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return Object.fromEntries(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" "))
      .map(([uid = "", ...open]) => [uid, open]),
  );
}

describe("a workspace's loopback", () => {
  const rules = contentOf(workspaceFiles, "/etc/sysconfig/nftables.conf");
  const shared = ["127.0.0.1:9000"];
  const guarded = ["127.0.0.1:4000", "127.0.0.2:4000", "127.0.0.1:8080", "::1:8080"];

  it("opens local gateway and editor to root and the developer, and metadata to root, by the kernel's own filter", () => {
    const all = [...guarded, ...shared, "169.254.169.254:80"];
    assert.deepEqual(reached(rules), { "0": all, "1000": [...guarded, ...shared], "970": shared, "65534": shared });
  });

  it("would be noticed open", () => {
    const without = rules.split("\n").filter((line) => !line.includes("dport"));
    assert.deepEqual(reached(without.join("\n"))["970"], [...guarded, ...shared]);
  });

  it("names users by number only: a name that is not there yet would refuse every rule", () => {
    assert.ok(!/skuid [^0-9]*[a-z]/.test(rules), rules);
  });
});
