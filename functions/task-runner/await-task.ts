/** What a look at a task shows. */
export interface TaskState {
  /** ECS's lastStatus, e.g. PENDING, RUNNING, STOPPED. */
  readonly status: string | undefined;
  /** Of the container that counts; undefined while it runs, or when it never started. */
  readonly exitCode: number | undefined;
  readonly why: string | undefined;
}

/** Looks that may find nothing before the task is known everywhere. */
const unseenLooks = 6;

/**
 * Looks until the task has stopped.
 * @throws Error when it has vanished or its container did not end with 0.
 */
export async function awaitTask(look: () => Promise<TaskState>, pause: () => Promise<unknown>): Promise<void> {
  for (let unseen = 0; ;) {
    const { status, exitCode, why } = await look();
    if (status === undefined && ++unseen === unseenLooks) throw new Error("the task is not to be found");
    if (status === "STOPPED") {
      if (exitCode === 0) return;
      const code = exitCode === undefined ? "never started" : `ended with ${String(exitCode)}`;
      throw new Error(`the task's container ${code}: ${why ?? "no reason given"}; see its log`);
    }
    await pause();
  }
}
