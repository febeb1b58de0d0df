import { randomUUID } from "node:crypto";
import { signatureOf, thinks, tokens, type Block, type ConverseBody, type ToolUse } from "./converse";
import type { InputTokens } from "./prompt-cache";

/** HTTP status of each of Bedrock Runtime's errors. */
export const errorStatus = {
  AccessDeniedException: 403,
  InternalServerException: 500,
  ModelErrorException: 424,
  ModelNotReadyException: 429,
  ModelStreamErrorException: 424,
  ModelTimeoutException: 408,
  ResourceNotFoundException: 404,
  ServiceUnavailableException: 503,
  ThrottlingException: 429,
  ValidationException: 400,
} as const;
export type ErrorName = keyof typeof errorStatus;

/** How a call fails. */
export interface Failure {
  /** Bedrock's error, or `reset`: the connection ends without an answer. */
  readonly error: ErrorName | "reset";
  readonly message?: string;
  /** Pieces of a streamed answer that come first; without it, and unstreamed, the call fails at once. */
  readonly afterPieces?: number;
}

/** What a call gets. All may be left out: a short text, at once. */
export interface Plan {
  readonly text?: string;
  /** What the model thinks where the request turns thinking on; default a short text. Its tokens are output tokens. */
  readonly thinking?: string;
  readonly tools?: readonly ToolUse[];
  /** Pieces that the text, and each tool's input, is streamed in; default 4. */
  readonly pieces?: number;
  /** Milliseconds until the answer's head; until the whole answer when unstreamed. */
  readonly firstByteMs?: number;
  /** Milliseconds before each piece but the first. */
  readonly pieceMs?: number;
  /** A stream waits for this after its first piece, an unstreamed answer before its head. */
  readonly until?: Promise<unknown>;
  /** Reported instead of the estimate and of the prompt cache's counts; the cache is left alone. */
  readonly input?: Partial<InputTokens>;
  /** Reported instead of the estimate, up to the request's maxTokens. */
  readonly outputTokens?: number;
  readonly failure?: Failure;
}

/** What a model writes: blocks, and why it stopped. */
export interface Written {
  readonly content: readonly Block[];
  readonly outputTokens: number;
  readonly stopReason: "end_turn" | "tool_use" | "max_tokens" | "guardrail_intervened";
}

/** The plan's text and tool calls as far as the request's maxTokens reach; a tool call that does not fit is left out whole. */
export function write(plan: Plan, body: ConverseBody): Written {
  const limit = body.inferenceConfig?.maxTokens ?? Number.POSITIVE_INFINITY;
  const { text = plan.tools ? "" : "A short answer.", tools = [] } = plan;
  const thought = thinks(body) ? (plan.thinking ?? "I think.") : "";
  const kept = text.slice(0, Math.max(0, limit * 4 - thought.length));
  let characters = thought.length + kept.length;
  const calls = tools.filter(({ input }) => {
    characters += JSON.stringify(input).length;
    return tokens(characters) <= limit;
  });
  const wanted =
    plan.outputTokens ??
    Math.max(1, tokens(thought.length + text.length + JSON.stringify(tools.map((t) => t.input)).length - 2));
  return {
    content: [
      ...(thought === ""
        ? []
        : [{ reasoningContent: { reasoningText: { text: thought, signature: signatureOf(thought) } } }]),
      ...(kept === "" ? [] : [{ text: kept }]),
      ...calls.map(({ name, input }) => ({ toolUse: { toolUseId: `tooluse_${randomUUID()}`, name, input } })),
    ],
    outputTokens: Math.min(wanted, limit),
    stopReason: wanted > limit ? "max_tokens" : calls.length > 0 ? "tool_use" : "end_turn",
  };
}

export const usageOf = (input: InputTokens, outputTokens: number) => ({
  ...input,
  outputTokens,
  totalTokens: input.inputTokens + input.cacheReadInputTokens + input.cacheWriteInputTokens + outputTokens,
});

/** Cuts a text in about as many pieces, none of them within a character. */
export function cut(text: string, pieces: number): string[] {
  const characters = Array.from(text);
  const size = Math.max(1, Math.ceil(characters.length / pieces));
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, n) =>
    characters.slice(n * size, (n + 1) * size).join(""),
  );
}

/** One step of a streamed answer: an event's type and payload. `piece` is what latency and failures count. */
export interface Step {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly piece: boolean;
}

interface Thought {
  readonly reasoningText: { readonly text: string; readonly signature: string };
}

/** The events of an answer's blocks. Text has no start of its own, as with Bedrock's Claude. */
export function* stepsOf(content: readonly Block[], pieces: number): Generator<Step> {
  const step = (type: string, payload: Step["payload"], piece = false): Step => ({ type, payload, piece });
  yield step("messageStart", { role: "assistant" });
  for (const [contentBlockIndex, block] of content.entries()) {
    const tool = block["toolUse"] as (ToolUse & { toolUseId: string }) | undefined;
    if (tool) {
      const { toolUseId, name } = tool;
      yield step("contentBlockStart", { contentBlockIndex, start: { toolUse: { toolUseId, name } } });
    }
    const thought = (block["reasoningContent"] as Thought | undefined)?.reasoningText;
    const whole = tool ? JSON.stringify(tool.input) : (thought?.text ?? String(block["text"]));
    for (const text of cut(whole, pieces)) {
      const delta = tool ? { toolUse: { input: text } } : thought ? { reasoningContent: { text } } : { text };
      yield step("contentBlockDelta", { contentBlockIndex, delta }, true);
    }
    if (thought) {
      const delta = { reasoningContent: { signature: thought.signature } };
      yield step("contentBlockDelta", { contentBlockIndex, delta });
    }
    yield step("contentBlockStop", { contentBlockIndex });
  }
}
