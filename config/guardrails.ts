import type { PlatformSpec } from "./model";

/** The guardrails of a platform's file, by department; `default` serves every department not named. */
export type Guardrails = PlatformSpec["guardrails"];

/** The guardrail of a department's calls; undefined where it has none. */
export const guardrailOf = (guardrails: Guardrails, department: string): Guardrails[string] | undefined =>
  guardrails[Object.hasOwn(guardrails, department) ? department : "default"];
