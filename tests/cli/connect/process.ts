import { spawn } from "node:child_process";
import type { TestProject } from "../../support/project";
import type { World } from "./world";

/** Starts `connect` as a person does, in a project and a world of the test. */
export function startConnect(
  project: TestProject,
  world: World,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
) {
  const { env } = world.surroundings();
  const child = spawn(process.execPath, ["-r", require.resolve("tsx/cjs"), "cli/main.ts", "connect", ...args], {
    cwd: project.root,
    env: { ...env, TMPDIR: process.env["TMPDIR"] ?? "/tmp", ...more },
  });
  const [out, errors]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (text: string) => out.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const done = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, out: () => out.join(""), errors: () => errors.join(""), done };
}

/** Resolves when something holds, or after a minute. */
export async function waitFor(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
}
