/** A client class of the AWS SDK, as far as this fake needs it. */
interface ClientClass {
  readonly prototype: { send: unknown };
}

/** A call that a function made. */
export interface AwsCall {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

/** An answer, or an error to throw, by command name without `Command`, e.g. `StopInstances`. */
export type AwsAnswers = Readonly<Record<string, (input: Record<string, unknown>, before: number) => unknown>>;

/** An error as the SDK throws it. */
export const awsError = (name: string): Error => Object.assign(new Error(name), { name });

/**
 * Answers the SDK's commands in place of AWS until `restore` is called. A command without an answer
 * fails the test: no request leaves the machine. Suites against a server cover the SDK's own
 * requests.
 */
export function fakeAws(
  clients: readonly ClientClass[],
  answers: AwsAnswers,
): { readonly calls: AwsCall[]; readonly restore: () => void } {
  const calls: AwsCall[] = [];
  const originals = clients.map(
    ({ prototype }) => [prototype, Object.getOwnPropertyDescriptor(prototype, "send")] as const,
  );
  const send = (command: { constructor: { name: string }; input: Record<string, unknown> }): Promise<unknown> => {
    const name = command.constructor.name.replace(/Command$/, "");
    const before = calls.filter((call) => call.name === name).length;
    calls.push({ name, input: command.input });
    const answer = answers[name];
    if (!answer) return Promise.reject(new Error(`no answer for ${name}`));
    return Promise.resolve().then(() => answer(command.input, before));
  };
  for (const { prototype } of clients) prototype.send = send;
  return {
    calls,
    restore: () => {
      for (const [prototype, original] of originals) {
        if (original) Object.defineProperty(prototype, "send", original);
        else delete (prototype as { send?: unknown }).send;
      }
    },
  };
}
