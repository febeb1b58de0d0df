/**
 * Size of a gateway task and how much work it takes, from what `npm run bench:gateway` measured (docs/gateway.md, Capacity).
 */

/**
 * Milliseconds of processor time that a task spends on a streamed request, by kilobytes of its prompt. Later runs found less, but do
 * not count the database's engine.
 */
const measured = [
  { kilobytes: 10, milliseconds: 66 },
  { kilobytes: 400, milliseconds: 133 },
] as const;

/** Processes of a task that serve developers at its listeners: one for each of its vCPUs. */
export const workers = 2;

/** MiB of one LiteLLM process: a worker with the largest prompts in flight, the supervisor, the process for large requests. */
const processMiB = 1000;

/** Part of a task's processor time that developers' requests take before tasks are added: the rest is for background work and bursts. */
export const plannedShare = 0.6;

/** Kilobytes of prompt that the plan counts with: an agent's turn late in its conversation. Ordinary turns cost less. */
const plannedKilobytes = 400;

/** Sizes that Fargate has for a task, in ECS's units: 1,024 a vCPU, and MiB in whole GiB. */
export const taskSize = {
  cpu: String(1024 * workers),
  memory: String(1024 * Math.ceil((processMiB * (workers + 2)) / 1024)),
} as const;

/** Milliseconds of processor time that a request with a prompt of so many kilobytes takes: a line through what was measured. */
export function requestMilliseconds(kilobytes: number): number {
  const [short, long] = measured;
  const each = (long.milliseconds - short.milliseconds) / (long.kilobytes - short.kilobytes);
  return short.milliseconds + each * (kilobytes - short.kilobytes);
}

/** Requests a minute that one task takes, in whole tens: above it the service adds tasks. */
export const requestsPerTask =
  10 * Math.floor((60_000 * workers * plannedShare) / requestMilliseconds(plannedKilobytes) / 10);

/** Requests a minute that a developer sends while their agent works. */
const requestsPerDeveloper = 6;

/** Tasks for so many developers whose agents work at the same time. */
export const tasksFor = (developers: number): number =>
  Math.ceil((developers * requestsPerDeveloper) / requestsPerTask);
