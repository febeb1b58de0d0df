import { batchLimits, type BatchModels } from "../../config/batch";
import { conversation, foreignFields, isObject, samplingOf, tokensOf } from "./converse";
import { modelTiers, type ModelTier } from "../../config/terms";

/** A request file as Bedrock takes it, and what it can cost at most. */
export interface PlannedBatch {
  readonly model: ModelTier;
  /** Lines of `{recordId, modelInput}` in Converse's format. */
  readonly input: string;
  /** The developer's own ids, by position: record 7 is `recordIds`' eighth. */
  readonly customIds: readonly string[];
  readonly records: number;
  /** Upper bound, in US dollars at batch prices. */
  readonly worstUsd: number;
}

/**
 * Allowed fields of a request's body. A batch neither streams nor runs tools, and its cost must be
 * bounded.
 */
const bodyFields = [
  "model",
  "messages",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "stop",
] as const;
const lineFields = ["custom_id", "method", "url", "body"] as const;

/** Faults listed for one file; the rest are counted. */
const toldFaults = 20;

/** Tokens of the model's own frame around a prompt, generously. */
const frameTokens = 100;

/** A record's id at Bedrock, which takes letters and digits. */
export const recordIdOf = (position: number): string => String(position).padStart(11, "0");

interface PlannedRecord {
  readonly customId: string;
  readonly model: ModelTier;
  readonly modelInput: string;
  readonly outputTokens: number;
}

function planRecord(line: string, number: number, models: BatchModels): PlannedRecord | string[] {
  const at = `line ${String(number)}`;
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return [`${at}: found no JSON`];
  }
  if (!isObject(record) || !isObject(record["body"])) return [`${at}: allowed is {"custom_id": …, "body": {…}}`];
  const { custom_id: customId, body, method = "POST", url = "/v1/chat/completions" } = record;
  const faults = [...foreignFields(at, record, lineFields), ...foreignFields(`${at}.body`, body, bodyFields)];
  if (typeof customId !== "string" || customId === "" || customId.length > 64) {
    faults.push(`${at}.custom_id: allowed is a text of 1 to 64 characters`);
  }
  if (method !== "POST" || url !== "/v1/chat/completions") faults.push(`${at}: allowed POST /v1/chat/completions only`);
  const model = modelTiers.find((tier) => tier === body["model"]);
  if (model === undefined) return [...faults, `${at}.body.model: allowed ${modelTiers.join(", ")}`];
  const talk = conversation(`${at}.body`, body["messages"]);
  const maxTokens = tokensOf(`${at}.body`, body, models[model]);
  const sampling = samplingOf(`${at}.body`, body);
  if (Array.isArray(talk)) faults.push(...talk);
  if (typeof maxTokens === "string") faults.push(maxTokens);
  if (Array.isArray(sampling)) faults.push(...sampling);
  if (faults.length > 0 || Array.isArray(talk) || Array.isArray(sampling) || typeof maxTokens === "string")
    return faults;
  const modelInput = JSON.stringify({
    ...(talk.system.length > 0 && { system: talk.system }),
    messages: talk.messages,
    inferenceConfig: { maxTokens, ...sampling.settings },
  });
  return { customId: customId as string, model, modelInput, outputTokens: maxTokens };
}

/**
 * Checks a request file and converts it to Bedrock's format. A token is at least one byte of text,
 * so bytes bound the input.
 * The requested tokens bound the output: no batch costs more than `worstUsd`.
 * @returns every fault, one line each, when there is one.
 */
export function planBatch(text: string, models: BatchModels): PlannedBatch | { readonly faults: readonly string[] } {
  const lines = text.split(/\r?\n/);
  const filled = lines.flatMap((line, index) => (line.trim() === "" ? [] : [{ line, number: index + 1 }]));
  const { minRecords, maxRecords, maxOutputTokens } = batchLimits;
  if (filled.length < minRecords || filled.length > maxRecords) {
    return {
      faults: [
        `found ${String(filled.length)} records; allowed ${String(minRecords)} to ${String(maxRecords)} in one file`,
      ],
    };
  }
  const faults: string[] = [];
  const records: PlannedRecord[] = [];
  const seen = new Set<string>();
  for (const { line, number } of filled) {
    const record = planRecord(line, number, models);
    if (Array.isArray(record)) {
      faults.push(...record);
      continue;
    }
    const planned = record;
    if (seen.has(planned.customId)) faults.push(`line ${String(number)}.custom_id: stands twice`);
    seen.add(planned.customId);
    records.push(planned);
  }
  const tiers = new Set(records.map(({ model }) => model));
  if (tiers.size > 1) faults.push(`found ${[...tiers].join(" and ")}; allowed one model in one file`);
  const outputTokens = records.reduce((sum, record) => sum + record.outputTokens, 0);
  if (outputTokens > maxOutputTokens) {
    faults.push(
      `max_tokens: found ${String(outputTokens)} over all records; allowed at most ${String(maxOutputTokens)} in one file`,
    );
  }
  const [first] = records;
  if (faults.length > 0 || first === undefined) {
    const rest = faults.length - toldFaults;
    return { faults: rest > 0 ? [...faults.slice(0, toldFaults), `and ${String(rest)} more`] : faults };
  }
  const { inputUsd, outputUsd } = models[first.model];
  const inputTokens = records.reduce((sum, record) => sum + Buffer.byteLength(record.modelInput) + frameTokens, 0);
  return {
    model: first.model,
    input: records
      .map(({ modelInput }, index) => `{"recordId":"${recordIdOf(index)}","modelInput":${modelInput}}\n`)
      .join(""),
    customIds: records.map(({ customId }) => customId),
    records: records.length,
    worstUsd: (inputTokens * inputUsd + outputTokens * outputUsd) / 1e6,
  };
}
