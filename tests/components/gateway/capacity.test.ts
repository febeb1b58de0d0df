import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import {
  plannedShare,
  requestMilliseconds,
  requestsPerTask,
  taskSize,
  tasksFor,
  workers,
} from "../../../components/gateway/capacity";
import { platformSpec } from "../../support/specs";
import { root } from "../../support/project";

describe("the gateway's capacity", () => {
  it("leaves a task room when it takes all the requests that it is given, late in a conversation", () => {
    const used = (requestsPerTask * requestMilliseconds(400)) / 60_000;
    assert.ok(used <= workers * plannedShare, `${used} of ${workers} vCPU`);
    // And no more room than the next ten requests would take.
    assert.ok(used + (10 * requestMilliseconds(400)) / 60_000 > workers * plannedShare);
  });

  it("is a size that Fargate has", () => {
    const [cpu, memory] = [Number(taskSize.cpu), Number(taskSize.memory)];
    assert.equal(cpu, 1024 * workers);
    // Of 2 vCPU: 4 to 16 GiB in whole ones. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
    assert.ok(memory % 1024 === 0 && memory >= 4096 && memory <= 16_384, taskSize.memory);
  });

  it("is enough for 250 developers at a time within the default ceiling of tasks", () => {
    const { maxTasks } = platformSpec().gateway!;
    assert.ok(tasksFor(250) <= maxTasks, `${tasksFor(250)} of ${maxTasks}`);
  });

  it("is what docs/gateway.md says", () => {
    const page = readFileSync(path.join(root, "docs/gateway.md"), "utf8");
    assert.ok(page.includes(`${requestsPerTask} requests a minute`));
    for (const developers of [20, 100, 250])
      assert.match(page, new RegExp(`\\| ${developers} \\| +${tasksFor(developers)} \\|`));
  });
});
