const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Nobody reads any more: a closed terminal, or `| head`. Pulumi still has a state to save. */
const unread = (): void => undefined;

/** The first signal asks to stop. Each further one only says why it waits. A reader that is gone ends nothing. */
export function stopOnSignals(
  say: (text: string) => void,
  waiting: string,
): { readonly stop: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) say(waiting);
    else controller.abort();
  };
  for (const name of names) process.on(name, onSignal);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", unread);
  return {
    stop: controller.signal,
    end: () => {
      for (const name of names) process.off(name, onSignal);
      for (const stream of [process.stdout, process.stderr]) stream.off("error", unread);
    },
  };
}
