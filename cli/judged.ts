import { judge } from "../offline/judge";
import type { Registered } from "../offline/monitor";
import type { PolicyConfig, PolicyInfo, PolicyPack } from "../offline/pack-client";
import { documentProps, type RawProps } from "../offline/values";
import type { PolicyMetadata, StackReport } from "../reports";
import type { MfaMode } from "../config";

/** One stack, planned or deployed, before the policies have judged it. */
export interface StackToJudge {
  readonly stack: string;
  readonly resources: readonly Registered[];
  /** In wire form. */
  readonly outputs: RawProps;
  readonly notes: readonly string[];
  readonly region: string;
  /** MFA mode of sessions, where it is known. */
  readonly mfaMode?: MfaMode;
}

/**
 * Runs the policy pack over a stack and builds the stack's report.
 * @param deployed whether the resources are, or are taken to be, deployed: the report then lists
 * ids and outputs
 */
export async function judgedStack(
  stack: StackToJudge,
  pack: PolicyPack,
  config: PolicyConfig,
  deployed: boolean,
): Promise<StackReport> {
  await pack.configure(configFor(stack, pack, config));
  const verdict = await judge(pack, stack.resources, stack.region);
  return {
    stack: stack.stack,
    resources: stack.resources.map((resource) => {
      const { urn, type, name, parent, id, options } = resource;
      const shown = (props: RawProps): Record<string, unknown> => documentProps(props, options.additionalSecretOutputs);
      const inputs = shown(verdict.remediated.get(urn) ?? resource.inputs);
      return { urn, type, name, parent, inputs, ...(deployed && { id, outputs: shown(resource.outputs) }) };
    }),
    outputs: documentProps(stack.outputs),
    violations: verdict.findings,
    passed: verdict.passed,
    evidence: verdict.evidence,
    notes: stack.notes,
  };
}

/**
 * The given settings, and the platform's MFA mode for every policy that has this setting and no
 * value for it.
 */
function configFor({ mfaMode }: StackToJudge, pack: PolicyPack, config: PolicyConfig): PolicyConfig {
  if (mfaMode === undefined) return config;
  const result: Record<string, PolicyConfig[string]> = { ...config };
  for (const { name, configurable } of pack.policies()) {
    if (!configurable.includes("mfaMode")) continue;
    const given = result[name];
    const settings = typeof given === "string" ? { enforcementLevel: given } : given;
    result[name] = { mfaMode, ...settings };
  }
  return result;
}

/** Metadata of the pack's policies, for the document. */
export const policyMetadata = (pack: PolicyPack): PolicyMetadata[] =>
  pack.policies().map(({ kind: _kind, configurable: _configurable, ...policy }: PolicyInfo) => policy);
