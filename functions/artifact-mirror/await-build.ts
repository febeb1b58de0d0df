/** What a look at a build shows. */
export interface BuildState {
  /** CodeBuild's status, e.g. IN_PROGRESS, SUCCEEDED, FAILED. */
  readonly status: string | undefined;
  /** Why it failed, where CodeBuild says so. */
  readonly why: string | undefined;
}

/**
 * Looks until the build has ended.
 * @throws Error when it has ended otherwise than well.
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
