/** A value of a parsed JSON document. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type JsonObject = { readonly [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const CODE = "[code]";
const SOURCE = "[source]";

/** `components/cost/budget.ts:12` and `index.ts:21:5`: where the program makes a resource. */
const POSITION = /(?:[\w.-]+\/)*[\w.-]+\.ts:\d+(?::\d+)?/g;

/** The finding as JSON that may close a policy's message: the last line, for programs alone. */
const FINDING_BLOCK = /\n\{"finding":.*\}\s*$/;

/**
 * The preview document (`preview --json`) without what may change when the program is rearranged: code hashes of functions, source
 * positions and the finding block of messages. Image digests, object keys and triggers stay: they change what is deployed.
 */
export function normalDocument(document: Json): Json {
  if (!isObject(document) || !Array.isArray(document["stacks"])) throw new Error("not a preview document: no `stacks`");
  const stacks = (document["stacks"] as readonly Json[]).map((stack) => {
    if (!isObject(stack)) throw new Error("not a preview document: a stack is no object");
    return {
      ...stack,
      resources: mapList(stack["resources"], normalResource),
      violations: mapList(stack["violations"], normalViolation),
    };
  });
  return { ...document, stacks };
}

const mapList = (list: Json | undefined, change: (item: JsonObject) => Json): Json =>
  Array.isArray(list)
    ? (list as readonly Json[]).map((item) => (isObject(item) ? change(item) : item))
    : (list ?? null);

/** A function's code is its hash in the document, and so are the outputs that AWS computes from it. */
function normalResource(resource: JsonObject): Json {
  if (resource["type"] !== "aws:lambda/function:Function") return resource;
  const hidden = (values: Json | undefined): Json => {
    if (!isObject(values)) return values ?? null;
    return Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        /^(code|codeSha256|sourceCodeHash)$/.test(key) ? CODE : value,
      ]),
    );
  };
  return {
    ...resource,
    inputs: hidden(resource["inputs"]),
    ...("outputs" in resource && { outputs: hidden(resource["outputs"]) }),
  };
}

/** That there is a source position is kept, where it points is not. The finding block is where `property` comes from. */
function normalViolation(violation: JsonObject): Json {
  const { property: _ofBlock, message, ...rest } = violation;
  return {
    ...rest,
    ...(typeof message === "string" && { message: message.replace(FINDING_BLOCK, "") }),
    ...("source" in rest && { source: SOURCE }),
  };
}

/** A report as text, with the same taken out. SARIF holds a position as objects and fingerprints. */
export function normalReport(format: string, text: string): string {
  if (format !== "sarif") return text.replace(POSITION, SOURCE);
  return JSON.stringify(JSON.parse(text, sarifReviver), null, 1);
}

const sarifReviver = (key: string, value: unknown): unknown => (key === "physicalLocation" ? SOURCE : value);

/** What a failed command printed, without its progress lines, times and source positions. */
export const normalFault = (stderr: string): string =>
  stderr
    .split("\n")
    .filter(
      (line) => !/^\s+at |^[\w-]+( as deployed)?: \d+ resources, |^functions bundled|^policy pack started/.test(line),
    )
    .join("\n")
    .replace(POSITION, SOURCE)
    .trim();
