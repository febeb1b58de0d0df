/** The parts of Bedrock's Converse request that the stand-in looks at. */
export interface ConverseBody {
  readonly messages: readonly Message[];
  readonly system?: readonly Block[];
  readonly inferenceConfig?: { readonly maxTokens?: number };
  readonly toolConfig?: { readonly tools?: readonly Block[] };
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
  const { messages, inferenceConfig, toolConfig, system = [] } = body;
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
  const points = [system, toolConfig?.tools ?? [], ...messages.map(({ content }) => content)]
    .flat()
    .filter((block) => "cachePoint" in block).length;
  return points > 4 ? `A maximum of 4 cache points is allowed. Found ${points}.` : undefined;
}
