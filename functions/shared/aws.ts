import { setTimeout as sleep } from "node:timers/promises";
import { optionalSetting } from "./environment";
import { isKeyDenial } from "./kms-denial";
import { log } from "./log";

/**
 * Milliseconds that a call may wait for a key. AWS KMS takes up to five minutes to apply a new alias
 * to authorization (AWS KMS Developer Guide, "Use aliases to control access to KMS keys"). The
 * program sets it within the function's timeout.
 */
const longestWaitMs = (): number => Number(optionalSetting("KEY_WAIT_SECONDS") ?? 0) * 1000;

const pauseMs = 5000;

type Pause = (ms: number) => Promise<unknown>;
type Handler = (args: unknown) => Promise<unknown>;

/** The part of an AWS SDK client that this file uses: its stack of middleware. */
interface Middlewared {
  readonly middlewareStack: { use: (plugin: never) => void };
}

interface Stack {
  add: (middleware: (next: Handler) => Handler, options: Readonly<Record<string, unknown>>) => void;
}

/**
 * Repeats a call while KMS denies the use of the key. Throws every other error at once, and the
 * denial itself when the wait is over.
 */
const untilKeyActs =
  (next: Handler, pause: Pause): Handler =>
  async (args) => {
    for (let waitedMs = 0; ; waitedMs += pauseMs) {
      try {
        return await next(args);
      } catch (fault) {
        if (!isKeyDenial(fault) || waitedMs + pauseMs > longestWaitMs()) throw fault;
        if (waitedMs === 0) log("waits for a key", { fault: (fault as Error).name });
        await pause(pauseMs);
      }
    }
  };

/**
 * An AWS SDK client whose calls wait for a key with a new alias. Functions make every client with
 * it: `awsClient(new S3Client({}))`.
 * @param pause For tests; default the clock's.
 */
export function awsClient<Client extends Middlewared>(client: Client, pause: Pause = sleep): Client {
  // The outermost step: each repetition is serialized and signed anew, with the SDK's own retries.
  const plugin = {
    applyToStack: (stack: Stack) => {
      stack.add((next) => untilKeyActs(next, pause), { step: "initialize", priority: "high", name: "untilKeyActs" });
    },
  };
  client.middlewareStack.use(plugin as never);
  return client;
}
