import { looksSecret, visible } from "../../config";
import { progressLine, type Progress } from "./progress";

/** Where progress is shown. */
export interface Screen {
  /** A line that `pulumi up` of a stack printed. */
  readonly line: (stack: string, text: string) => void;
  /** The progress of all stacks, after a change. */
  readonly show: (all: readonly Progress[]) => void;
  /** A message of this command. */
  readonly say: (text: string) => void;
  /** Nothing more comes. */
  readonly close: () => void;
}

interface Out {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const hidden = "a line that looks like a credential (not shown)";

/** A line without what moves a cursor; one that looks like a secret is not shown. */
export const safe = (line: string): string => (looksSecret(line) ? hidden : visible(line));

/**
 * A terminal shows a line for each stack, and rewrites them. Anything else, such as the log of a
 * workflow, takes every line of Pulumi's behind its stack's name.
 */
export function screenOn(out: Out, now: () => number = Date.now): Screen {
  return out.isTTY === true ? terminal(out, now) : log(out);
}

function log(out: Out): Screen {
  return {
    line: (stack, text) => {
      const shown = safe(text.trimEnd());
      // Dots alone say that Pulumi is alive.
      if (shown !== "" && !/^@ \w+( update)?\.+$/.test(shown)) out.write(`${stack} | ${shown}\n`);
    },
    show: () => undefined,
    say: (text) => out.write(`${text}\n`),
    close: () => undefined,
  };
}

function terminal(out: Out, now: () => number): Screen {
  let shown: readonly Progress[] = [];
  let lines = 0;
  const erase = (): string => (lines === 0 ? "" : `\u001b[${lines}A\u001b[J`);
  const drawn = (): string => {
    const width = Math.max(0, ...shown.map(({ stack }) => stack.length));
    const text = shown.map((each) => progressLine(each, now(), width).slice(0, (out.columns ?? 80) - 1));
    lines = text.length;
    return text.map((each) => `${each}\n`).join("");
  };
  const draw = (): void => void out.write(erase() + drawn());
  const clock = setInterval(draw, 1000);
  return {
    line: () => undefined,
    show: (all) => {
      shown = all;
      draw();
    },
    say: (text) => void out.write(`${erase()}${text}\n${drawn()}`),
    close: () => {
      clearInterval(clock);
      draw();
    },
  };
}
