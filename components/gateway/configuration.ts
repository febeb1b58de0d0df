import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { hookSettings } from "./hook-settings";
import { litellmConfig, type ConfigurationPlan } from "./litellm-config";

const hookFolder = path.join(__dirname, "hook");

/** The files a gateway task starts from, by path below its configuration folder. */
export type Configuration = Readonly<Record<string, string>>;

/** LiteLLM's configuration, the hook's settings and the hook itself. None of them holds a secret. */
export function planConfiguration(plan: ConfigurationPlan): Configuration {
  const hook = readdirSync(path.join(hookFolder, "cline_gateway"))
    .filter((file) => /\.(py|lua)$/.test(file))
    .sort()
    .map(
      (file) => [`cline_gateway/${file}`, readFileSync(path.join(hookFolder, "cline_gateway", file), "utf8")] as const,
    );
  return { "config.yaml": litellmConfig(plan), "settings.json": hookSettings(plan), ...Object.fromEntries(hook) };
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** One hash over all files: part of their place in S3 and of the task definition, so that any change rolls the service. */
export function configurationHash(configuration: Configuration): string {
  const files = Object.keys(configuration).sort();
  return sha256(files.map((file) => `${file}\0${sha256(configuration[file] ?? "")}`).join("\n"));
}
