import type { BatchModel } from "../../config/batch";

const roles = ["system", "developer", "user", "assistant"] as const;

export type Json = Readonly<Record<string, unknown>>;
interface Block {
  readonly text: string;
}
interface Message {
  readonly role: "user" | "assistant";
  readonly content: readonly Block[];
}

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * One fault for all fields that are not allowed; none where all are. `at` is the place in the file.
 */
export function foreignFields(at: string, found: Json, allowed: readonly string[]): string[] {
  const foreign = Object.keys(found).filter((field) => !allowed.includes(field));
  return foreign.length === 0
    ? []
    : [`${at}: found ${foreign.map((field) => field.slice(0, 64)).join(", ")}; allowed ${allowed.join(", ")}`];
}

function blocksOf(content: unknown): readonly Block[] | undefined {
  if (typeof content === "string") return content === "" ? undefined : [{ text: content }];
  if (!Array.isArray(content) || content.length === 0) return undefined;
  const blocks = content.map((part: unknown) =>
    isObject(part) && part["type"] === "text" && typeof part["text"] === "string" && part["text"] !== ""
      ? { text: part["text"] }
      : undefined,
  );
  return blocks.includes(undefined) ? undefined : (blocks as Block[]);
}

/**
 * System texts and the conversation. Adjacent messages of one role become one, because Converse
 * wants roles to alternate.
 */
export function conversation(at: string, messages: unknown): { system: Block[]; messages: Message[] } | string[] {
  if (!Array.isArray(messages) || messages.length === 0) return [`${at}.messages: found no message`];
  const faults: string[] = [];
  const system: Block[] = [];
  const talk: Message[] = [];
  messages.forEach((message: unknown, index) => {
    const place = `${at}.messages[${String(index)}]`;
    if (!isObject(message)) {
      faults.push(`${place}: found no object`);
      return;
    }
    faults.push(...foreignFields(place, message, ["role", "content"]));
    const role = roles.find((known) => known === message["role"]);
    const blocks = blocksOf(message["content"]);
    if (role === undefined) faults.push(`${place}.role: allowed ${roles.join(", ")}`);
    if (blocks === undefined) faults.push(`${place}.content: allowed is text, or a list of parts of type text`);
    if (role === undefined || blocks === undefined) return;
    if (role === "system" || role === "developer") {
      system.push(...blocks);
      return;
    }
    const last = talk.at(-1);
    if (last?.role === role) talk[talk.length - 1] = { role, content: [...last.content, ...blocks] };
    else talk.push({ role, content: blocks });
  });
  if (faults.length === 0 && talk[0]?.role !== "user") faults.push(`${at}.messages: must begin with one of role user`);
  return faults.length > 0 ? faults : { system, messages: talk };
}

/** The output tokens to ask for, by the model's bounds; or what is wrong with the wish. */
export function tokensOf(at: string, body: Json, model: BatchModel): number | string {
  const wishes: number[] = [];
  for (const field of ["max_tokens", "max_completion_tokens"] as const) {
    const wish = body[field];
    if (wish === undefined || wish === null) continue;
    if (!Number.isSafeInteger(wish) || (wish as number) < 1) return `${at}.${field}: found no positive whole number`;
    wishes.push(wish as number);
  }
  return Math.min(...(wishes.length > 0 ? wishes : [model.defaultTokens]), model.mostTokens);
}

/** Converse's settings for a record's own; or what is wrong with them. */
export function samplingOf(at: string, body: Json): { readonly settings: Json } | string[] {
  const faults: string[] = [];
  const sampling: Record<string, unknown> = {};
  for (const [field, name] of [
    ["temperature", "temperature"],
    ["top_p", "topP"],
  ] as const) {
    const value = body[field];
    if (value === undefined || value === null) continue;
    if (typeof value === "number" && value >= 0 && value <= 1) sampling[name] = value;
    else faults.push(`${at}.${field}: allowed is a number from 0 to 1`);
  }
  const { stop } = body;
  if (stop !== undefined && stop !== null) {
    const sequences = Array.isArray(stop) ? (stop as unknown[]) : [stop];
    const sound = sequences.every((each) => typeof each === "string" && each !== "");
    if (sound && sequences.length > 0 && sequences.length <= 4) sampling["stopSequences"] = sequences;
    else faults.push(`${at}.stop: allowed is a text or a list of one to four`);
  }
  return faults.length > 0 ? faults : { settings: sampling };
}
