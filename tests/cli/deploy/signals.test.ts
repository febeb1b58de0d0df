import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { root } from "../../support/project";

/** A run that prints after its reader has gone, waits for what it started, and says so in its exit code. */
const program = `
  const { stopOnSignals } = require("./cli/deploy/signals.ts");
  const signals = stopOnSignals(() => undefined, "");
  process.stdout.write("begun\\n");
  setTimeout(() => process.stdout.write("more\\n"), 300);
  setTimeout(() => process.stdout.write("still more\\n"), 400);
  setTimeout(() => { signals.end(); process.exit(42); }, 700);
`;

/** A run that is asked to stop, twice: it ends when what it started has ended. */
const asked = `
  const { stopOnSignals } = require("./cli/deploy/signals.ts");
  let said = "";
  const signals = stopOnSignals((text) => { said = text; }, "waits");
  signals.stop.addEventListener("abort", () => process.stdout.write("asked\\n"));
  const look = setInterval(() => {
    if (said !== "waits") return;
    clearInterval(look);
    signals.end();
    process.exit(signals.stop.aborted ? 42 : 43);
  }, 20);
  process.stdout.write("begun\\n");
`;

describe("deploy: a signal", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    it(`${signal} asks a run to stop, and ends none before what it started has ended`, async () => {
      const child = spawn(process.execPath, ["-r", "tsx/cjs", "-e", asked], {
        cwd: root,
        stdio: ["ignore", "pipe", "ignore"],
      });
      const ended = once(child, "close");
      for (let heard = 0; heard < 2; heard++) {
        await Promise.race([once(child.stdout, "data"), ended]);
        child.kill(signal);
      }
      assert.deepEqual(await ended, [42, null]);
    });
});

describe("deploy: a reader that goes", () => {
  it("ends no run before what it started has ended", async () => {
    const child = spawn(process.execPath, ["-r", "tsx/cjs", "-e", program], {
      cwd: root,
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(child.stdout, "data");
    child.stdout.destroy();
    const [code] = (await once(child, "close")) as [number | null];
    assert.equal(code, 42);
  });
});
