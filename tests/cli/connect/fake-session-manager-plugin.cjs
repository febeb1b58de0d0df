"use strict";
// The plugin as a test scripts it, with what the real one does: it ends with 0 after failures, and SIGTERM leaves the
// session open.
const { appendFileSync, existsSync, readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const net = require("node:net");
const { join } = require("node:path");
const folder = process.env.WORLD;
const note = (...words) => appendFileSync(join(folder, "events.jsonl"), `${JSON.stringify(words)}\n`);
const [first, , , , parameters = "{}"] = process.argv.slice(2);
if (first === "--version") {
  const { versions } = JSON.parse(readFileSync(join(folder, "script.json"), "utf8"));
  process.stdout.write(versions?.plugin ?? "1.2.707.0\n");
  process.exit(0);
}
const behaviour = process.env.BEHAVIOUR;
note("start", behaviour, ...process.argv.slice(2));
process.on("SIGINT", () => {
  note("SIGINT");
  // Before its port is open, the real one ignores the signal.
  if (behaviour === "stubborn" || behaviour === "silent") return;
  process.stdout.write("\n\nExiting session with sessionId: tanaka-0a1b2c3d.\n\n");
  process.exit(0);
});
process.on("SIGTERM", () => {
  note("SIGTERM");
  process.exit(0);
});
process.stdout.write("\nStarting session with SessionId: tanaka-0a1b2c3d\n");
const [localPortNumber] = JSON.parse(parameters).Parameters?.localPortNumber ?? [];
const health = {
  "/healthz": '{"status":"expired","lastHeartbeat":0}',
  "/api/public/health": '{"status":"OK","version":"4.9.0"}',
};
// A tunnel drops once it was seen to stand: by a request, or by AWS's command line, which then leaves this file.
const healthy = join(folder, "healthy");
let dropping;
const ends = {
  drops: () => process.exit(0),
  killed: () => process.kill(process.pid, "SIGKILL"),
  orphaned: () => process.kill(process.ppid, "SIGKILL"),
};
const dropSoon = () => (dropping ??= setTimeout(ends[behaviour], 400));
const opened = () => {
  if (behaviour === "taken") return;
  process.stdout.write(`Port ${localPortNumber} opened for sessionId tanaka-0a1b2c3d.\nWaiting for connections...\n`);
  if (behaviour in ends) setInterval(() => existsSync(healthy) && dropSoon(), 20);
  if (behaviour === "idle")
    setTimeout(() => {
      process.stdout.write("\nSessionId: tanaka-0a1b2c3d : Your session timed out due to inactivity.\n");
      process.exit(0);
    }, 400);
};
if (localPortNumber === undefined) {
  process.stdout.write("a shell\n");
  process.exit(7);
} else if (behaviour === "ends") {
  process.stdout.write("Cannot perform start session: the session is gone\n");
  process.exit(0);
} else if (behaviour === "bound") {
  const taken = `listen tcp 127.0.0.1:${localPortNumber}: bind: address already in use`;
  process.stdout.write(`Cannot perform start session: ${taken}\n`);
  process.exit(0);
} else if (behaviour === "silent") setInterval(() => undefined, 1000);
else if (behaviour === "dead") net.createServer(() => undefined).listen(Number(localPortNumber), "127.0.0.1", opened);
else {
  const server = createServer((request, answer) => {
    note("GET", request.url);
    if (behaviour in ends) dropSoon();
    answer.end(health[request.url] ?? "code-server");
  });
  server.listen(Number(localPortNumber), "127.0.0.1", opened);
}
