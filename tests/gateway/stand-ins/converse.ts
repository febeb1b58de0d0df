import { createHash } from "node:crypto";

/** The parts of Bedrock's Converse request that the stand-in looks at. */
export interface ConverseBody {
  readonly messages: readonly Message[];
  readonly system?: readonly Block[];
  readonly inferenceConfig?: { readonly maxTokens?: number; readonly temperature?: number; readonly topP?: number };
  readonly toolConfig?: { readonly tools?: readonly Block[]; readonly toolChoice?: Block };
  readonly outputConfig?: Readonly<Record<string, unknown>>;
  readonly guardrailConfig?: Readonly<Record<string, unknown>>;
  readonly additionalModelRequestFields?: {
    readonly thinking?: Readonly<Record<string, unknown>>;
    readonly output_config?: { readonly effort?: string };
  };
}

/** What the model behind an id can do; see the fields of the catalogue. */
export interface Abilities {
  readonly thinkingBudget: boolean;
  readonly forcedToolUse: boolean;
  readonly structuredOutput: boolean;
}

/** Whether the request turns thinking on. */
export function thinks({ additionalModelRequestFields }: ConverseBody): boolean {
  const type = additionalModelRequestFields?.thinking?.["type"];
  return type === "enabled" || type === "adaptive";
}

export interface Message {
  readonly role: string;
  readonly content: readonly Block[];
}

/** A content block, system block or tool: an object with one key that says what it is. */
export type Block = Readonly<Record<string, unknown>>;

/** A call of a tool in an answer. */
export interface ToolUse {
  readonly name: string;
  readonly input: unknown;
}

/** What proves that a model thought this; a changed thought does not match it. */
export const signatureOf = (thought: string): string => createHash("sha256").update(thought).digest("base64");

/** About as many tokens as a model counts in that many characters of English. */
export const tokens = (characters: number): number => Math.ceil(characters / 4);

/** Characters of a block that cost tokens. */
export const charactersOf = (block: Block): number =>
  typeof block["text"] === "string" ? block["text"].length : JSON.stringify(block).length;

const has = (message: Message, kind: string) => message.content.some((block) => kind in block);

const idsOf = (message: Message | undefined, kind: string) =>
  (message?.content ?? []).flatMap((block) => {
    const part = block[kind] as { toolUseId?: string } | undefined;
    return part?.toolUseId === undefined ? [] : [part.toolUseId];
  });

/** What Bedrock's ValidationException would say of a request; undefined when it takes it. Only faults that a gateway could make. */
export function fault(body: ConverseBody): string | undefined {
  const { messages, inferenceConfig, toolConfig } = body;
  if (messages.length === 0) return "A conversation must have at least one message.";
  if (messages[0]?.role !== "user") return "A conversation must start with a user message.";
  if (inferenceConfig?.maxTokens !== undefined && inferenceConfig.maxTokens < 1)
    return "Value at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must be greater than or equal to 1";
  for (const [index, message] of messages.entries()) {
    if (message.content.length === 0) return `The content field in the Message object at messages.${index} is empty.`;
    if (message.content.some((block) => typeof block["text"] === "string" && block["text"].trim() === ""))
      return `The text field in the ContentBlock object at messages.${index} is blank.`;
    if (index > 0 && message.role === messages[index - 1]?.role)
      return "A conversation must alternate between user and assistant roles.";
    if (!toolConfig?.tools?.length && (has(message, "toolUse") || has(message, "toolResult")))
      return "The toolConfig field must be defined when using toolUse and toolResult content blocks.";
    const results = idsOf(message, "toolResult");
    const uses = idsOf(messages[index - 1], "toolUse");
    const missing = uses.filter((id) => !results.includes(id));
    if (missing.length > 0)
      return `Expected toolResult blocks at messages.${index}.content for the following Ids: ${missing.join(", ")}`;
    if (results.some((id) => !uses.includes(id)))
      return `The toolResult blocks at messages.${index}.content exceed the toolUse blocks of previous turn.`;
  }
  return cacheFault(body);
}

/** At most four cache points; from the tools over the system prompt to the messages, none may live longer than one before it. */
function cacheFault({ toolConfig, system = [], messages }: ConverseBody): string | undefined {
  const points = [toolConfig?.tools ?? [], system, ...messages.map(({ content }) => content)]
    .flat()
    .flatMap((block) => ("cachePoint" in block ? [block["cachePoint"] as { readonly ttl?: string }] : []));
  if (points.length > 4) return `A maximum of 4 cache points is allowed. Found ${points.length}.`;
  const strange = points.find(({ ttl = "5m" }) => ttl !== "5m" && ttl !== "1h");
  if (strange) return `Value '${strange.ttl}' at 'cachePoint.ttl' must satisfy enum value set: [5m, 1h]`;
  const late = points.some(
    ({ ttl }, at) => ttl === "1h" && points.slice(0, at).some((earlier) => earlier.ttl !== "1h"),
  );
  return late ? "A cache point with ttl='1h' must not come after a cache point with ttl='5m'." : undefined;
}

/**
 * What Bedrock would say of a request's thinking, tools and answer format; undefined when it takes them. From Bedrock's user guide, "Extended
 * thinking", "Adaptive thinking" and "Structured output", and the models' cards.
 * @param abilities of the model; without them only what holds for every model is looked at
 */
export function thinkingFault(body: ConverseBody, abilities?: Abilities): string | undefined {
  const { additionalModelRequestFields, inferenceConfig, messages, toolConfig, outputConfig } = body;
  const thinking = additionalModelRequestFields?.thinking;
  const { type, budget_tokens: budget } = thinking ?? {};
  const unknown = Object.keys(thinking ?? {}).find((field) => !["type", "budget_tokens", "display"].includes(field));
  if (unknown !== undefined) return `thinking.${String(type)}.${unknown}: Extra inputs are not permitted`;
  if (abilities && !abilities.structuredOutput && outputConfig)
    return "outputConfig.textFormat: This model does not support structured output.";
  const forced = toolConfig?.toolChoice && ("any" in toolConfig.toolChoice || "tool" in toolConfig.toolChoice);
  if (forced && abilities?.forcedToolUse === false)
    return "tool_choice: forced tool use is not supported by this model.";
  if (abilities?.thinkingBudget === false && type === "enabled")
    return '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive".';
  for (const block of messages.flatMap(({ content }) => content)) {
    const thought = (
      block["reasoningContent"] as { readonly reasoningText?: Readonly<Record<string, string>> } | undefined
    )?.reasoningText;
    if (thought && thought["signature"] !== signatureOf(thought["text"] ?? ""))
      return "messages: Invalid `signature` in `thinking` block";
  }
  if (!thinks(body)) return undefined;
  if (type === "enabled") {
    if (typeof budget !== "number" || budget < 1024)
      return "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024";
    if (budget >= (inferenceConfig?.maxTokens ?? 4096))
      return "`max_tokens` must be greater than `thinking.budget_tokens`.";
    const last = messages.findLast(({ role }) => role === "assistant");
    if (last && has(last, "toolUse") && !("reasoningContent" in (last.content[0] ?? {})))
      return "Expected `thinking` or `redacted_thinking`, but found `tool_use`.";
  }
  if (messages.at(-1)?.role === "assistant")
    return "Prefilling the response is not supported when thinking is enabled.";
  if (forced) return "Thinking may not be enabled when tool_choice forces tool use.";
  const { temperature = 1 } = inferenceConfig ?? {};
  return temperature === 1 ? undefined : "`temperature` may only be set to 1 when thinking is enabled.";
}
