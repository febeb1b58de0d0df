import type { Failure, Plan } from "../stand-ins/answer";
import type { Ask } from "./client";

/** Plants a word at a place of a request. */
export type Plant = (place: string) => string;

/** One request with planted words: what is asked, what Bedrock does, and the status that the caller gets. */
export interface WordedCase {
  readonly ask: (plant: Plant) => Partial<Ask>;
  /** Bedrock's answers to its attempts, the last one again and again. */
  readonly plans?: (plant: Plant, quoted: string) => readonly Plan[];
  /** 0: the caller leaves before the end. */
  readonly status: number;
}

/** Headers with planted words. */
export const headers = (plant: Plant) => ({
  accept: `application/json; q=${plant("accept")}`,
  cookie: `a=${plant("cookie")}`,
  "user-agent": `tool/1.0 (${plant("user agent")})`,
  "x-mine": plant("header"),
});

/** What Bedrock answers, with planted words. */
export const answered = (plant: Plant): Plan => ({
  text: `An answer: ${plant("answer")}.`,
  tools: [{ name: "read_file", input: { path: plant("answer's tool call") } }],
});

/** What Bedrock fails with: it quotes the request, and half an answer may come first. */
export const faults =
  (error: Failure["error"], afterPieces?: number): NonNullable<WordedCase["plans"]> =>
  (plant, quoted) => [
    {
      text: `Half an answer: ${plant("answer")}`,
      failure: {
        error,
        message: `Malformed input: '${quoted}' has ${plant("fault")}`,
        ...(afterPieces !== undefined && { afterPieces }),
      },
    },
  ];
