import { parse, stringify } from "yaml";
import type { Configuration } from "../../../components/gateway/configuration";

/** A task that differs from the deployed one in one thing. */
export interface Option {
  readonly name: string;
  readonly files?: (deployed: Configuration) => Configuration;
  readonly environment?: Readonly<Record<string, string>>;
  readonly workers?: number;
}

/** A file of the task with some words put in another's place. @throws Error when it does not have them. */
const edited = (file: string, words: string, by: string) => (deployed: Configuration) => {
  const text = deployed[file];
  if (text?.includes(words) !== true) throw new Error(`${file} has no: ${words}`);
  return { ...deployed, [file]: text.replace(words, by) };
};

const served = (option: string) =>
  edited("cline_gateway/__main__.py", "    ports = (port,", `    options.update(${option})\n    ports = (port,`);

const callbacks = (keep: (name: string) => boolean) => (deployed: Configuration) => {
  const config = parse(deployed["config.yaml"] ?? "") as { litellm_settings: { callbacks: string[] } };
  config.litellm_settings.callbacks = config.litellm_settings.callbacks.filter(keep);
  return { ...deployed, "config.yaml": stringify(config) };
};

/** Found before the installed one, since the configuration's folder comes first on Python's path. */
const slowOrjson = `
import json
JSONDecodeError = json.JSONDecodeError
def loads(text): return json.loads(bytes(text) if isinstance(text, memoryview) else text)
def dumps(value, default=None, option=None): return json.dumps(value, default=default or str, separators=(",", ":")).encode()
def __getattr__(name):
    if name.startswith("OPT_"): return 0
    raise AttributeError(name)
`;

export const tried: readonly Option[] = [
  { name: "nothing changed" },
  { name: "asyncio's loop", files: served('loop="asyncio"') },
  { name: "json for orjson", files: (deployed) => ({ ...deployed, "orjson.py": slowOrjson }) },
  { name: "no traces", files: callbacks((name) => name !== "otel") },
  { name: "1 worker", workers: 1 },
  { name: "3 workers", workers: 3 },
  { name: "4 workers", workers: 4 },
  { name: "fewer searches for garbage", environment: { PYTHON_GC_THRESHOLD: "10000,20,20" } },
  { name: "httpx for aiohttp", environment: { DISABLE_AIOHTTP_TRANSPORT: "True" } },
];
