import type { ModelTier } from "../../config/terms";
import type { Usage } from "./settlement";

/** A line of Bedrock's output, as far as it is read here; Converse's format. */
interface OutputLine {
  readonly recordId: string;
  readonly modelOutput?: {
    readonly output?: { readonly message?: { readonly content?: readonly { readonly text?: string }[] } };
    readonly stopReason?: string;
    readonly usage?: { readonly inputTokens?: number; readonly outputTokens?: number };
  };
  readonly error?: { readonly errorCode?: number | string; readonly errorMessage?: string };
}

function parsed(line: string): OutputLine | undefined {
  try {
    return JSON.parse(line) as OutputLine;
  } catch {
    return undefined;
  }
}

/** Converse's reasons in the words of chat completions. */
const reasons: Readonly<Record<string, string>> = {
  max_tokens: "length",
  model_context_window_exceeded: "length",
  content_filtered: "content_filter",
  guardrail_intervened: "content_filter",
};

/**
 * Sorts Bedrock's output lines into answers and errors in the format of the Batch API of chat
 * completions, under the developer's own ids.
 * Adds up the tokens.
 */
export class AnswerFiles {
  readonly #answers: string[] = [];
  readonly #errors: string[] = [];
  readonly #seen = new Set<number>();
  #broken = 0;
  #inputTokens = 0;
  #outputTokens = 0;

  constructor(
    private readonly model: ModelTier,
    private readonly customIds: readonly string[],
  ) {}

  /**
   * Adds one line. An unreadable line, such as the last one of a stopped job, counts as not
   * processed.
   */
  add(line: string): void {
    const found = parsed(line);
    const position = Number(found?.recordId);
    const customId = this.customIds[position];
    if (found === undefined || customId === undefined) {
      this.#broken += 1;
      return;
    }
    const { modelOutput, error } = found;
    this.#seen.add(position);
    if (modelOutput === undefined) {
      const code = String(error?.errorCode ?? "unknown");
      this.#fail(customId, code, error?.errorMessage ?? "no answer");
      return;
    }
    const { output, stopReason = "end_turn", usage } = modelOutput;
    const [prompt, completion] = [usage?.inputTokens ?? 0, usage?.outputTokens ?? 0];
    this.#inputTokens += prompt;
    this.#outputTokens += completion;
    const text = (output?.message?.content ?? []).map((block) => block.text ?? "").join("");
    const body = {
      object: "chat.completion",
      model: this.model,
      choices: [
        { index: 0, message: { role: "assistant", content: text }, finish_reason: reasons[stopReason] ?? "stop" },
      ],
      usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
    };
    const answer = { custom_id: customId, response: { status_code: 200, body }, error: null };
    this.#answers.push(`${JSON.stringify(answer)}\n`);
  }

  /**
   * Both files. A record without a line gets an error of its own. `usage` is undefined where the
   * lines do not tell it.
   */
  end(): { readonly answers: string; readonly errors: string; readonly usage: Usage | undefined } {
    this.customIds.forEach((customId, position) => {
      if (!this.#seen.has(position)) this.#fail(customId, "not_processed", "the batch ended before this record");
    });
    return {
      answers: this.#answers.join(""),
      errors: this.#errors.join(""),
      usage:
        this.#seen.size === 0 || this.#broken > 0
          ? undefined
          : { inputTokens: this.#inputTokens, outputTokens: this.#outputTokens, succeeded: this.#answers.length },
    };
  }

  #fail(customId: string, code: string, message: string): void {
    this.#errors.push(`${JSON.stringify({ custom_id: customId, response: null, error: { code, message } })}\n`);
  }
}

/** Tokens by Bedrock's manifest; undefined where it names none. */
export function manifestUsage(text: string): Usage | undefined {
  const found = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const count = (name: string) => (typeof found[name] === "number" ? found[name] : undefined);
  const [inputTokens, outputTokens] = [count("inputTokenCount"), count("outputTokenCount")];
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return { inputTokens, outputTokens, succeeded: count("successRecordCount") ?? 0 };
}
