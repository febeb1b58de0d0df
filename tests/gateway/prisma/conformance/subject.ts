import { Bench } from "./bench";
import type { Python } from "./python";

/** The engine under the real Python client, for the tests of the block that calls this; every test begins with empty tables. */
export interface Subject {
  /** Runs statements as PostgreSQL's superuser. */
  readonly bench: Pick<Bench, "sql">;
  readonly python: Pick<Python, "raised">;
  /** What a Python snippet ends with. */
  readonly value: (snippet: string) => Promise<unknown>;
}

export function useSubject(): Subject {
  let bench: Bench | undefined;
  let python: Python | undefined;
  const there = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error("the engine is there in tests and hooks only");
    return thing;
  };
  before(async () => {
    bench = await Bench.start();
    python = await bench.connect();
  });
  after(() => bench?.stop());
  beforeEach(() => {
    there(bench).sql('TRUNCATE "Owner", "items", "Tag", "Profile", "_ItemToTag" RESTART IDENTITY CASCADE');
  });
  return {
    bench: { sql: (statements) => there(bench).sql(statements) },
    python: { raised: (snippet) => there(python).raised(snippet) },
    value: (snippet) => there(python).value(snippet),
  };
}
