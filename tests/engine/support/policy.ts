import { readFileSync, rmSync } from "node:fs";
import { randomUUID } from "node:crypto";
import type { CommandResult } from "./command";
import type { PulumiOptions, Workbench } from "./workbench";

/** One finding of the pack, as the engine reports it. */
export interface PolicyEvent {
  readonly policyName: string;
  readonly resourceUrn: string;
  readonly enforcementLevel: string;
  readonly message: string;
}

interface EngineEvent {
  readonly policyEvent?: Partial<PolicyEvent>;
  readonly policyRemediationEvent?: Partial<PolicyEvent>;
}

export interface JudgedResult extends CommandResult {
  readonly findings: readonly PolicyEvent[];
  /** Remediations that the engine applied. */
  readonly remediations: readonly PolicyEvent[];
}

/**
 * Runs a command and gives, with its result, what the pack found. The engine's event log holds secrets in plain text: it is deleted before
 * anything else happens, and nothing but the policy events is kept.
 */
export async function judged(
  bench: Workbench,
  project: string,
  args: readonly string[],
  options: PulumiOptions = {},
): Promise<JudgedResult> {
  const log = bench.at(`events-${randomUUID()}.jsonl`);
  try {
    const result = await bench.pulumi(project, [...args, "--event-log", log], {
      ...options,
      env: { ...options.env, PULUMI_DEBUG_COMMANDS: "true" },
    });
    return { ...result, ...policyEvents(readFileSync(log, "utf8")) };
  } finally {
    rmSync(log, { force: true });
  }
}

/** The policy events of an engine's event log or of `pulumi policy analyze --json`: one JSON object a line. */
export function policyEvents(log: string): Pick<JudgedResult, "findings" | "remediations"> {
  const events = log
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as EngineEvent);
  const complete = (event: Partial<PolicyEvent>): PolicyEvent => ({
    policyName: event.policyName ?? "",
    resourceUrn: event.resourceUrn ?? "",
    enforcementLevel: event.enforcementLevel ?? "",
    message: event.message ?? "",
  });
  return {
    findings: events.flatMap(({ policyEvent }) => (policyEvent ? [complete(policyEvent)] : [])),
    remediations: events.flatMap(({ policyRemediationEvent }) =>
      policyRemediationEvent ? [complete(policyRemediationEvent)] : [],
    ),
  };
}

/** Findings as `policy URN level`, sorted, each once: what two runs of the pack must agree on. */
export const verdicts = (
  findings: readonly Pick<PolicyEvent, "policyName" | "resourceUrn" | "enforcementLevel">[],
): string[] =>
  [...new Set(findings.map((each) => `${each.policyName} ${each.resourceUrn} ${each.enforcementLevel}`))].sort();
