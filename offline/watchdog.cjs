// Preloaded (`node -r`) into every child process: ends it when its parent has ended, or after its
// time-out, even in a busy loop. A worker thread polls, since a program in an endless loop never
// runs its own timers.
const { Worker, isMainThread } = require("node:worker_threads");

const watch = `
  const { workerData } = require("node:worker_threads");
  const end = Date.now() + workerData.seconds * 1000;
  setInterval(() => {
    if (process.ppid !== workerData.parent || Date.now() > end) process.kill(process.pid, "SIGKILL");
  }, 200);
`;

if (isMainThread && process.env.CLINE_PARENT_PID) {
  const parent = Number(process.env.CLINE_PARENT_PID);
  const seconds = Number(process.env.CLINE_CHILD_SECONDS);
  new Worker(watch, { eval: true, execArgv: [], env: {}, workerData: { parent, seconds } }).unref();
}
