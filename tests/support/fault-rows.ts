import assert from "node:assert/strict";
import { type Fault, type LoadOptions, loadStackFiles, StackFilesError, type StackFiles } from "../../config";
import { type Config, departmentConfig, fileText, merged, platformConfig } from "./specs";

/** A small valid department that shares everything, beside `engineering`. */
export const design: Config = {
  "aws:region": "ap-northeast-1",
  "cline:sharedFrom": "platform",
  "cline:department": { lead: "kato", developers: { mizuno: {}, arai: {} } },
};

/** What one row lays over the three valid files; a string is the file's whole text. */
export interface Change {
  readonly platform?: Config | string;
  readonly engineering?: Config | string;
  readonly design?: Config | string;
}

/** Name, change, and every fault that it must cause: `stack path` and a pattern of its line. */
export type Row = readonly [string, Change, Readonly<Record<string, RegExp>>];

export function files(change: Change): StackFiles {
  const base = { platform: platformConfig, engineering: departmentConfig, design };
  return Object.fromEntries(
    Object.entries(base).map(([stack, config]) => {
      const over = change[stack as keyof Change] ?? {};
      return [`Pulumi.${stack}.yaml`, typeof over === "string" ? over : fileText(merged(config, over))];
    }),
  );
}

/** Options of an `up` on a day. */
export const up = (today = "2026-11-22"): LoadOptions => ({ deploying: true, today });

/** The faults with which loading stops; none where it succeeds. */
export function faultsIn(load: () => unknown): readonly Fault[] {
  try {
    load();
    return [];
  } catch (error) {
    assert(error instanceof StackFilesError, String(error));
    return error.faults;
  }
}

export const faultsOf = (all: StackFiles): readonly Fault[] => faultsIn(() => loadStackFiles(all));

/** `FILE PATH` of each fault. */
export const pathsOf = (load: () => unknown): string[] => faultsIn(load).map(({ file, path }) => `${file} ${path}`);

/** A test for each row: exactly its faults, each with the words expected. */
export function refuses(rows: readonly Row[]): void {
  for (const [name, change, expected] of rows) {
    it(`refuses ${name}`, () => {
      const faults = faultsOf(files(change));
      const found = Object.fromEntries(
        faults.map((fault) => [`${fault.file.replace(/^stacks\/Pulumi\.|\.yaml$/g, "")} ${fault.path}`, fault]),
      );
      assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
      for (const [at, pattern] of Object.entries(expected)) {
        const { found: was, allowed, next } = found[at]!;
        assert.match(`found ${was}; allowed ${allowed}; ${next}`, pattern);
      }
    });
  }
}
