import assert from "node:assert/strict";
import { ECSClient } from "@aws-sdk/client-ecs";
import type { Context } from "aws-lambda";
import { awaitBuild } from "../../../functions/artifact-mirror/await-build";
import { probe } from "../../../functions/gateway-canary/probe";
import { planKey } from "../../../functions/shared/entitlements";
import { handler, type Event } from "../../../functions/task-runner/handler";
import { reconcileDepartment } from "../../../functions/access-reconciler/reconcile";
import { tokenOf } from "../../../functions/shared/litellm";
import { fakeAws } from "../../support/aws-calls";
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

describe("running a task", () => {
  let fake: ReturnType<typeof fakeAws> | undefined;
  afterEach(() => fake?.restore());
  const event: Event = {
    cluster: "gateway",
    taskDefinition: "arn:aws:ecs:ap-northeast-1:111122223333:task-definition/migration:7",
    subnets: ["subnet-1"],
    securityGroups: ["sg-1"],
    container: "litellm",
  };
  const context = { awsRequestId: "request-1" } as Context;
  const task = (lastStatus: string, exitCode?: number, reason?: string) => ({
    tasks: [
      { lastStatus, stoppedReason: "Essential container exited", containers: [{ name: "litellm", exitCode, reason }] },
    ],
  });
  const run = (...looks: readonly unknown[]) => {
    fake = fakeAws([ECSClient], {
      RunTask: () => ({ tasks: [{ taskArn: "task-1" }] }),
      // The first call only asks whether asking is allowed.
      DescribeTasks: (_input, before) => looks[Math.max(before - 1, 0)],
    });
    return handler(event, context);
  };

  it("starts one task under the request's token and ends once it has stopped with exit code 0", async () => {
    assert.deepEqual(await run({ tasks: [] }, task("STOPPED", 0)), { task: "task-1" });
    const [start, ...looks] = fake!.calls;
    assert.equal(start!.input.clientToken, "request-1");
    assert.deepEqual(
      looks.map(({ input }) => input),
      [0, 1, 2].map(() => ({ cluster: "gateway", tasks: ["task-1"] })),
    );
  });

  it("fails with the reason when the container failed or never started", async () => {
    await assert.rejects(run(task("STOPPED", 1, "boom")), /ended with 1: boom/);
    fake!.restore();
    await assert.rejects(run(task("STOPPED", 2)), /ended with 2: Essential container exited/);
    fake!.restore();
    await assert.rejects(run(task("STOPPED", undefined, "CannotPullContainerError")), /never started: CannotPull/);
  });

  it("fails at once when it may not look at the task", async () => {
    fake = fakeAws([ECSClient], {
      RunTask: () => ({ tasks: [{ taskArn: "task-1" }] }),
      DescribeTasks: () => {
        throw Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });
      },
    });
    await assert.rejects(handler(event, context), { name: "AccessDeniedException" });
    assert.equal(fake.calls.length, 2);
  });

  it("fails with ECS's reason when no task starts", async () => {
    fake = fakeAws([ECSClient], { RunTask: () => ({ failures: [{ reason: "RESOURCE:ENI" }] }) });
    await assert.rejects(handler(event, context), /did not start: RESOURCE:ENI/);
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
    const probed = () => probe(litellm.client(key), litellm.client(key));
    assert.deepEqual(await probed(), { VirtualKeyAccepted: 1, Ready: 1 });
    Object.assign(litellm.keys.get(tokenOf(key))!, { blocked: true });
    assert.deepEqual(await probed(), { VirtualKeyAccepted: 0, Ready: 1 });
    litellm.failure = () => "before";
    assert.deepEqual(await probed(), { VirtualKeyAccepted: 0, Ready: 0 });
  });
});
