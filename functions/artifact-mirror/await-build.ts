/** State of a build. */
export interface BuildState {
  /** CodeBuild's status, e.g. IN_PROGRESS, SUCCEEDED, FAILED. */
  readonly status: string | undefined;
  /** Why it failed, where CodeBuild says so. */
  readonly why: string | undefined;
}

/**
 * Polls until the build has ended. CodeBuild has no waiter in the AWS SDK.
 * @throws Error when the build did not succeed.
 */
export async function awaitBuild(look: () => Promise<BuildState>, pause: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const { status, why } = await look();
    if (status === "SUCCEEDED") return;
    if (status !== "IN_PROGRESS") {
      throw new Error(
        `the copying build ended as ${status ?? "unknown"}${why === undefined ? "" : `: ${why}`}; see its log`,
      );
    }
    await pause();
  }
}
