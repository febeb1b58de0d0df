/** Collects the first fault of a run, including unhandled rejections and uncaught exceptions. */
export class FaultWatch {
  /** Rejects with the first fault; never resolves. */
  readonly first: Promise<never>;
  readonly report: (fault: unknown) => void;
  private readonly others: [Event, Listener[]][];

  constructor() {
    let reject: (fault: unknown) => void = () => undefined;
    this.first = new Promise<never>((_resolve, rejectFirst) => {
      reject = rejectFirst;
    });
    this.first.catch(() => undefined);
    this.report = (fault) => reject(fault);
    this.others = events.map((event) => [event, process.rawListeners(event) as Listener[]]);
    for (const event of events) process.removeAllListeners(event).on(event, this.report);
  }

  /** Restores the previous listeners. */
  close(): void {
    for (const [event, listeners] of this.others) {
      process.removeListener(event, this.report);
      for (const listener of listeners) process.on(event, listener);
    }
  }
}

type Event = "unhandledRejection" | "uncaughtException";
type Listener = (...args: unknown[]) => void;
const events: readonly Event[] = ["unhandledRejection", "uncaughtException"];
