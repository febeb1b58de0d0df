import assert from "node:assert/strict";
import { awaitBuild } from "../../../functions/artifact-mirror/await-build";
import { probe } from "../../../functions/gateway-canary/probe";
import { planKey } from "../../../functions/shared/entitlements";
import { awaitTask, type TaskState } from "../../../functions/task-runner/await-task";
import { reconcileDepartment } from "../../../functions/access-reconciler/reconcile";
import { tokenOf } from "../../../functions/shared/litellm";
import { declaredDepartment, declaredPlatform } from "../../support/declared";
import { FakeLiteLLM } from "../../support/litellm";

/** Looks at one state after the other; looking on after the last is a fault of the wait. */
function looks<T>(...states: T[]): () => Promise<T> {
  return () => {
    const next = states.shift();
    return next === undefined ? Promise.reject(new Error("looked once too often")) : Promise.resolve(next);
  };
}
const noPause = () => Promise.resolve();
const task = (status?: string, exitCode?: number, why?: string): TaskState => ({ status, exitCode, why });

describe("waiting for a task", () => {
  it("ends well with exit code 0, also when the task is not seen at first", () =>
    awaitTask(looks(task(), task("PENDING"), task("RUNNING"), task("STOPPED", 0)), noPause));

  it("fails with the reason when the container failed, never started, or the task is gone", async () => {
    await assert.rejects(awaitTask(looks(task("STOPPED", 1, "boom")), noPause), /ended with 1: boom/);
    await assert.rejects(
      awaitTask(looks(task("STOPPED", undefined, "CannotPullContainerError")), noPause),
      /never started: CannotPull/,
    );
    await assert.rejects(awaitTask(looks(...Array.from({ length: 6 }, () => task())), noPause), /not to be found/);
  });
});

describe("waiting for a build", () => {
  it("ends when it has succeeded, and says why when it has not", async () => {
    const state = (status?: string, why?: string) => ({ status, why });
    await awaitBuild(looks(state("IN_PROGRESS"), state("SUCCEEDED")), noPause);
    await assert.rejects(
      awaitBuild(looks(state("FAILED", "exit status 1")), noPause),
      /ended as FAILED: exit status 1/,
    );
    await assert.rejects(awaitBuild(looks(state()), noPause), /ended as unknown/);
  });
});

describe("canary", () => {
  let litellm: FakeLiteLLM;
  beforeEach(async () => {
    litellm = await new FakeLiteLLM().start();
  });
  afterEach(() => litellm.stop());

  it("tells a refused key from a gateway that is gone, and both from health", async () => {
    const state = declaredDepartment();
    await reconcileDepartment(litellm.client(), declaredPlatform(), state, new Date(), () => undefined);
    const key = await litellm
      .client()
      .createKey(planKey(declaredPlatform(), state, state.developers[0]!, "2026-11-22", "v1"));
    assert.deepEqual(await probe(litellm.client(key)), { VirtualKeyAccepted: 1, Ready: 1 });
    Object.assign(litellm.keys.get(tokenOf(key))!, { blocked: true });
    assert.deepEqual(await probe(litellm.client(key)), { VirtualKeyAccepted: 0, Ready: 1 });
    litellm.failure = () => "before";
    assert.deepEqual(await probe(litellm.client(key)), { VirtualKeyAccepted: 0, Ready: 0 });
  });
});
