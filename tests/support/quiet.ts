import type { Context } from "mocha";

const written: unknown[][] = [];
const methods = ["log", "info", "warn", "error"] as const;
const real = { ...console };

/** Prints the log of a failed test's subject; drops any other log. */
export const mochaHooks = {
  beforeAll(): void {
    for (const method of methods) console[method] = (...said: unknown[]) => void written.push(said);
  },
  afterEach(this: Context): void {
    if (this.currentTest?.state === "failed") for (const said of written) real.log(...said);
    written.length = 0;
  },
  afterAll(): void {
    Object.assign(console, real);
    for (const said of written) console.log(...said);
  },
};
