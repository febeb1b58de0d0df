import { Workbench } from "./workbench";

let workbench: Workbench | undefined;

/** The one workbench of the run: made on first use, closed when mocha ends. */
export function bench(): Workbench {
  workbench ??= new Workbench((line) => console.log(`  ${line}`));
  return workbench;
}

export const mochaHooks = {
  afterAll(): void {
    workbench?.close();
  },
};
