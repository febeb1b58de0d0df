import type { z } from "zod";
import type { Site } from "./site";

/** How an answer is judged. `unknown`: it settles nothing yet, for the reason given. */
export interface Verdict {
  readonly verdict: "pass" | "fail" | "unknown";
  /** What was found, in one line. Never a secret. */
  readonly found: string;
}

/** When a doubt can be settled first, in this order. */
export const stages = ["before the first up", "platform stands", "department stands"] as const;
export type Stage = (typeof stages)[number];

/** A read-only command of AWS's command line that settles a doubt. */
export interface Question {
  /** Arguments after `aws`: service, operation, parameters. The runner adds region and output format. */
  readonly aws: (site: Site) => readonly string[];
  /** Region other than the platform's. */
  readonly region?: string;
  /** Judges the printed JSON. */
  readonly judge: (answer: unknown, site: Site) => Verdict;
  /** Verdicts on AWS's error codes, e.g. `NoSuchEntity`; every other error leaves the doubt open. */
  readonly onError?: Readonly<Record<string, Verdict>>;
}

/** What only a real account can tell. */
export interface Doubt {
  /** Stable, lower-case with hyphens. */
  readonly id: string;
  /** What is not known, as one statement that holds or does not. */
  readonly doubt: string;
  /** What fails when it does not hold. */
  readonly matters: string;
  readonly stage: Stage;
  /** The command, or the steps of a person. */
  readonly settle: Question | { readonly steps: string };
  /** The answer that settles it, in words. */
  readonly pass: string;
  /** The file that relies on it. */
  readonly stated: string;
  /** What a real account answered; absent until somebody has written it down here. */
  readonly answer?: { readonly on: string; readonly found: string };
}

export const pass = (found: string): Verdict => ({ verdict: "pass", found });
export const fail = (found: string): Verdict => ({ verdict: "fail", found });
export const unknown = (found: string): Verdict => ({ verdict: "unknown", found });

/** A judge of answers of one shape; an answer of another shape leaves the doubt open. */
export function judged<Shape extends z.ZodType>(
  shape: Shape,
  judge: (answer: z.infer<Shape>, site: Site) => Verdict,
): Question["judge"] {
  return (answer, site) => {
    const read = shape.safeParse(answer);
    return read.success
      ? judge(read.data, site)
      : unknown(`an answer of another shape: ${read.error.issues[0]?.path.join(".") ?? ""}`);
  };
}
