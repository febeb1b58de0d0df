import { createHash } from "node:crypto";
import { tokens } from "./converse";

/** What InvokeModel takes for Titan Text Embeddings V2 (Bedrock's user guide, "Amazon Titan Embeddings Text", V2 request). */
export interface TitanBody {
  readonly inputText: string;
  readonly dimensions?: number;
  readonly normalize?: boolean;
  readonly embeddingTypes?: readonly ("float" | "binary")[];
}

const fields = ["dimensions", "embeddingTypes", "inputText", "normalize"];
const lengths = [256, 512, 1024];
const mostCharacters = 50_000;
const mostTokens = 8192;

/** What the model says of a body that it does not take; undefined when it does. */
export function titanFault(body: Readonly<Record<string, unknown>>): string | undefined {
  const malformed = (what: string) => `Malformed input request: ${what}, please reformat your input and try again.`;
  const foreign = Object.keys(body).filter((name) => !fields.includes(name));
  if (foreign.length > 0)
    return malformed(foreign.map((name) => `#: extraneous key [${name}] is not permitted`).join(""));
  const { inputText, dimensions, normalize, embeddingTypes } = body;
  if (typeof inputText !== "string") return malformed("#: required key [inputText] not found");
  if (inputText === "") return malformed("#/inputText: expected minLength: 1, actual: 0");
  if (inputText.length > mostCharacters)
    return malformed(`#/inputText: expected maxLength: ${mostCharacters}, actual: ${inputText.length}`);
  if (dimensions !== undefined && !lengths.includes(dimensions as number))
    return malformed(`#/dimensions: ${JSON.stringify(dimensions)} is not a valid enum value`);
  if (normalize !== undefined && typeof normalize !== "boolean")
    return malformed("#/normalize: expected type: Boolean");
  if (
    embeddingTypes !== undefined &&
    !(Array.isArray(embeddingTypes) && embeddingTypes.every((type) => ["float", "binary"].includes(type as string)))
  )
    return malformed("#/embeddingTypes: is not a valid enum value");
  const counted = tokens(inputText.length);
  if (counted > mostTokens)
    return `Too many input tokens. Max input tokens: ${mostTokens}, request input token count: ${counted}`;
  return undefined;
}

/** A vector of a text: always the same one, of length 1 where it is normalized. */
export function vectorOf(text: string, length = 1024, normalize = true): readonly number[] {
  const bytes = Array.from({ length: Math.ceil(length / 32) }, (_, at) => [
    ...createHash("sha256").update(`${at} ${text}`).digest(),
  ]).flat();
  const numbers = bytes.slice(0, length).map((byte) => (byte - 127.5) / 128);
  const norm = normalize ? Math.hypot(...numbers) : 1;
  return numbers.map((each) => Math.fround(each / norm));
}

/** The answer, and the tokens that AWS bills. */
export function titanAnswer({ inputText, dimensions, normalize, embeddingTypes = ["float"] }: TitanBody) {
  const embedding = vectorOf(inputText, dimensions, normalize);
  const byType = {
    ...(embeddingTypes.includes("float") && { float: embedding }),
    ...(embeddingTypes.includes("binary") && { binary: embedding.map((each) => (each > 0 ? 1 : 0)) }),
  };
  return { embedding, embeddingsByType: byType, inputTextTokenCount: tokens(inputText.length) };
}
