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
  },
  async afterAll(): Promise<void> {
    await started?.stop();
  },
};
