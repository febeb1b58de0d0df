import type { Task } from "@aws-sdk/client-ecs";

/**
 * Checks how a stopped task ended.
 * @param container the container whose exit code counts.
 * @throws Error when that container did not end with 0.
 */
export function checkOutcome(task: Task | undefined, container: string): void {
  const ended = task?.containers?.find(({ name }) => name === container);
  if (ended?.exitCode === 0) return;
  const code = ended?.exitCode === undefined ? "never started" : `ended with ${String(ended.exitCode)}`;
  throw new Error(
    `the task's container ${code}: ${ended?.reason ?? task?.stoppedReason ?? "no reason given"}; see its log`,
  );
}
