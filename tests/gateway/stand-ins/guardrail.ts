import type { Written } from "./answer";
import type { Block, ConverseBody } from "./converse";

/** A guardrail that blocks a word, with its messages to the caller. */
export interface Guardrail {
  readonly blocks: RegExp;
  readonly onInput: string;
  readonly onOutput: string;
}

/** Guardrails by `ID:VERSION`. */
export type Guardrails = ReadonlyMap<string, Guardrail>;

const fields = ["guardrailIdentifier", "guardrailVersion", "trace", "streamProcessingMode"];
const keyOf = ({ guardrailConfig: config }: ConverseBody) =>
  `${String(config?.["guardrailIdentifier"])}:${String(config?.["guardrailVersion"])}`;

/** What Bedrock would say of a request's guardrail; undefined when it takes it. Fields and patterns from botocore's model of the API. */
export function guardrailFault(body: ConverseBody, known: Guardrails): string | undefined {
  const { guardrailConfig: config } = body;
  if (config === undefined) return undefined;
  const unknown = Object.keys(config).find((field) => !fields.includes(field));
  if (unknown !== undefined) return `guardrailConfig.${unknown}: Extra inputs are not permitted`;
  return known.has(keyOf(body))
    ? undefined
    : "The guardrail identifier or version provided in the request does not exist.";
}

/** The text that a guardrail judges: the marked parts where any part is marked, else every text of the messages; no tool's input or result. */
function judged({ messages }: ConverseBody): string {
  const blocks = messages.flatMap(({ content }) => content);
  const marked = blocks.flatMap((block) => (block["guardContent"] === undefined ? [] : [JSON.stringify(block)]));
  return (marked.length > 0 ? marked : blocks.map(textOf)).join("\n");
}

const textOf = (block: Block) => (typeof block["text"] === "string" ? block["text"] : "");

/**
 * The answer as the request's guardrail lets it pass. From Bedrock's user guide, "Include a guardrail with the Converse API": a blocked input
 * reaches no model and costs no tokens; a blocked answer has been written, and is billed.
 */
export function guarded(
  body: ConverseBody,
  known: Guardrails,
  write: () => Written,
): Written & { readonly asked: boolean } {
  const rail = known.get(keyOf(body));
  const instead = (text: string) => ({ content: [{ text }], stopReason: "guardrail_intervened" as const });
  if (rail?.blocks.test(judged(body)) === true) return { ...instead(rail.onInput), outputTokens: 0, asked: false };
  const written = { ...write(), asked: true };
  const blocked = rail !== undefined && written.content.some((block) => rail.blocks.test(textOf(block)));
  return blocked ? { ...written, ...instead(rail.onOutput) } : written;
}
