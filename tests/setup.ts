/** Pulumi keeps a stack trace per promise; without this a 50-developer program takes four times as long under mocha. */
export const mochaHooks = {
  beforeAll(): void {
    Error.stackTraceLimit = 0;
  },
};
