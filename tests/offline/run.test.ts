import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { ProgramError, runProgram, type ProgramOptions } from "../../offline/run";

const root = path.join(__dirname, "../..");
const fixture = (name: string, more: Partial<ProgramOptions> = {}): ProgramOptions => ({
  program: path.join(__dirname, "fixtures", `${name}.ts`),
  stack: name,
  root,
  ...more,
});

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("a program in a child process", () => {
  it("hands its resources and outputs over, and from one stack to the next", async () => {
    const platform = await runProgram(fixture("platform", { preview: false }));
    assert.match(JSON.stringify(platform.outputs["vpcId"]), /^"vpc-0[0-9a-f]{16}"$/);
    const department = await runProgram(
      fixture("department", { references: { "organization/cline/platform": platform.outputs } }),
    );
    const group = department.resources.find((r) => r.name === "group");
    assert.equal(group?.inputs["vpcId"], platform.outputs["vpcId"]);
    assert.match(group?.source ?? "", /^tests\/offline\/fixtures\/department\.ts:\d+$/);
  });

  it("gives the same bytes twice", async () => {
    const [first, second] = await Promise.all([runProgram(fixture("platform")), runProgram(fixture("platform"))]);
    assert.equal(JSON.stringify(first), JSON.stringify(second));
  });

  it("ends with the program, and keeps what it logs apart from what it prints", async () => {
    const { notes, printed } = await runProgram(fixture("prints"));
    assert.deepEqual({ notes, printed }, { notes: ["a note"], printed: ["from the program"] });
    const warned = await runProgram(fixture("platform", { config: { "cline:warn": "true" } }));
    assert.deepEqual(warned.notes, ["the sample image is not for a real `up`"]);
  });

  it("says what the program threw and at which line; a message meant for the user stands alone", async () => {
    const fault = (name: string) =>
      runProgram(fixture(name)).then(
        () => assert.fail("it ran"),
        (error: unknown) => (error instanceof ProgramError ? error.message : assert.fail(String(error))),
      );
    assert.match(await fault("throws"), /^broken here\n {4}at .*tests\/offline\/fixtures\/throws\.ts:1:/);
    assert.equal(await fault("told"), "a message for the user");
    assert.match(await fault("leaks"), /promises were still active/);
    assert.match(await fault("exits"), /stack exits: the program ended \(3\) before it had told anything/);
  });

  it("stops a program that never ends at its deadline", async () => {
    await assert.rejects(
      runProgram(fixture("endless", { seconds: 1 })),
      /did not end within 1 seconds and was stopped/,
    );
  });

  for (const signal of ["SIGKILL", "SIGINT"] as const)
    it(`leaves no child behind when the parent gets ${signal}, however busy the child is`, async () => {
      const parent = spawn(
        process.execPath,
        [
          "-r",
          require.resolve("tsx/cjs"),
          "-e",
          `const { spawnNode } = require("./offline/spawn");
           const child = spawnNode(["-e", "for (;;);"], { cwd: process.cwd(), stdio: "ignore", seconds: 60 });
           console.log(child.pid); setInterval(() => undefined, 1000);`,
        ],
        { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
      );
      const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (text) => resolve(Number(text))));
      assert.ok(alive(pid));
      // The watchdog needs its worker up before it can watch.
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.ok(alive(pid));
      parent.kill(signal);
      const until = Date.now() + 10_000;
      while (alive(pid) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(alive(pid), false);
    });
});
