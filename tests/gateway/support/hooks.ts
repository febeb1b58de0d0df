import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { World } from "./world";

let started: World | undefined;

/** The one world of this run. */
export function world(): World {
  if (!started) throw new Error("the gateway has not been started");
  return started;
}

export const mochaHooks = {
  async beforeAll(): Promise<void> {
    started = await World.start();
    const { folder } = started;
    const { info } = console;
    // Functions log objects; a suite's own lines are text.
    console.info = (...said: unknown[]) => {
      if (typeof said[0] === "string") info(...said);
      else appendFileSync(join(folder, "functions.log"), `${JSON.stringify(said[0])}\n`);
    };
  },
  async afterAll(): Promise<void> {
    await started?.stop();
  },
};
