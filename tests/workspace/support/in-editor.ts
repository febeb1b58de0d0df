import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect, createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Browser } from "./browser";

/** What a run in the editor found. */
export interface Seen {
  /** How code-server answers from another network, and a listener on every address beside it. */
  readonly outside: { readonly editor: string; readonly control: string };
  /** Status of a websocket by the origin that asks: the forwarded address, and a foreign page. */
  readonly websockets: { readonly own: number; readonly foreign: number };
  /** Status of the editor's page and websocket for a page whose name was resolved to the loopback. */
  readonly rebound: { readonly page: number; readonly websocket: number };
  readonly page: Readonly<Record<"folder" | "files" | "status" | "tabs" | "side" | "dialogs", string>>;
}

// Run in a network of its own: in-editor.ts FOLDER PORT PROGRAM ARGS… starts the editor and its door (FOLDER/editor.cfg), and uses it as a developer does, through a
// forward on another port. Prints what it has seen, and leaves a screenshot in FOLDER.
const [folder = "", port = "", program = "", ...args] = process.argv.slice(2);
const forwarded = 18_080;
const own = `http://127.0.0.1:${String(forwarded)}`;
const foreign = "http://page.example.com";
const open = 9_000;
const started: ChildProcess[] = [];
const ip = (...words: readonly string[]) => execFileSync("ip", words);

/** A second network, joined with this one by a cable. */
function secondNetwork(): readonly string[] {
  const holder = spawn("unshare", ["--net", "sleep", "600"], { stdio: "ignore", detached: true });
  started.push(holder);
  const within = ["nsenter", "--net", "--target", String(holder.pid)];
  while (
    execFileSync("readlink", [`/proc/${String(holder.pid)}/ns/net`]).equals(
      execFileSync("readlink", ["/proc/self/ns/net"]),
    )
  );
  ip("link", "add", "here", "type", "veth", "peer", "name", "there", "netns", String(holder.pid));
  ip("addr", "add", "10.231.0.1/24", "dev", "here");
  ip("link", "set", "here", "up");
  for (const words of [
    ["addr", "add", "10.231.0.2/24", "dev", "there"],
    ["link", "set", "there", "up"],
  ])
    execFileSync(within[0] ?? "", [...within.slice(1), "ip", ...words]);
  return within;
}

/** `open`, or why not. */
function reach(within: readonly string[], to: number): string {
  const script = `require("net").connect(${String(to)}, "10.231.0.1").on("connect", () => { console.log("open"); process.exit() })
    .on("error", (fault) => { console.log(fault.code); process.exit() }).setTimeout(5000, () => { console.log("silent"); process.exit() })`;
  return execFileSync(within[0] ?? "", [...within.slice(1), process.execPath, "-e", script], {
    encoding: "utf8",
  }).trim();
}

/** Status of an upgrade to a websocket that a page of `origin` asks for, of the host that it names. */
const upgrade = (origin: string, host = new URL(own).host): Promise<number> =>
  new Promise((resolve, reject) => {
    const key = Buffer.alloc(16, 1).toString("base64");
    const headers = {
      host,
      connection: "upgrade",
      upgrade: "websocket",
      origin,
      "sec-websocket-version": "13",
      "sec-websocket-key": key,
    };
    const asked = request({ host: "127.0.0.1", port: forwarded, path: "/stable?reconnectionToken=a", headers });
    asked.on("upgrade", ({ statusCode = 0 }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
    asked
      .on("response", ({ statusCode = 0 }) => resolve(statusCode))
      .on("error", reject)
      .end();
  });

/** Status of the page for a request that names a host. */
const page = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: forwarded, path: "/", headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.once("error", reject).end();
  });

const text = (selector: string) =>
  `[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.textContent.trim()).join("|")`;

async function look(): Promise<Seen["page"]> {
  const browser = new Browser(path.join(folder, "profile"));
  try {
    await browser.open(`http://127.0.0.1:${String(forwarded)}/`);
    await browser.until(`${text(".explorer-folders-view .monaco-list-row")}.includes("hello.txt")`, 60);
    // What opens by itself opens within this time: views, notes and questions.
    await sleep(8000);
    const has = async (expression: string) => String(await browser.evaluate(expression));
    const page = {
      folder: await has('new URL(location.href).searchParams.get("folder")'),
      files: await has(text(".explorer-folders-view .monaco-list-row")),
      status: await has(text(".statusbar-item")),
      tabs: await has(text(".tabs-container .tab")),
      side: await has('document.querySelector(".part.auxiliarybar")?.offsetWidth > 0'),
      dialogs: await has(text(".monaco-dialog-box, .notification-toast")),
    };
    writeFileSync(path.join(folder, "editor.png"), await browser.screenshot());
    return page;
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  ip("link", "set", "lo", "up");
  const within = secondNetwork();
  createServer((socket) => socket.destroy()).listen(open, "0.0.0.0");
  createServer((socket) => {
    const to = connect(Number(port), "127.0.0.1");
    const end = () => {
      socket.destroy();
      to.destroy();
    };
    for (const each of [socket, to]) each.on("error", end);
    socket.pipe(to).pipe(socket);
  }).listen(forwarded, "127.0.0.1");
  // A group of its own: it starts further processes, which end with it.
  const editor = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], detached: true });
  const door = ["-db", "-f", path.join(folder, "editor.cfg")];
  started.push(editor, spawn("/usr/sbin/haproxy", door, { stdio: ["ignore", "inherit", "inherit"], detached: true }));
  for (let second = 0; ; second++) {
    const healthy = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) break;
    if (second > 60 || editor.exitCode !== null) throw new Error("code-server does not answer on its port");
    await sleep(1000);
  }
  const outside = { editor: reach(within, Number(port)), control: reach(within, open) };
  const websockets = {
    own: await upgrade(own),
    foreign: await upgrade(foreign),
  };
  const host = `${new URL(foreign).host}:${String(forwarded)}`;
  const rebound = { page: await page(host), websocket: await upgrade(`http://${host}`, host) };
  const seen: Seen = { outside, websockets, rebound, page: await look() };
  writeFileSync(path.join(folder, "seen.json"), JSON.stringify(seen));
}

void (async () => {
  try {
    await main();
  } catch (fault) {
    console.error(fault);
    process.exitCode = 1;
  }
  for (const { pid } of started) if (pid !== undefined) process.kill(-pid, "SIGKILL");
  process.exit();
})();
