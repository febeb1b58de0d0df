import { judge } from "../offline/judge";
import type { Registered } from "../offline/monitor";
import type { PolicyConfig, PolicyInfo, PolicyPack } from "../offline/pack-client";
import { documentProps, type RawProps } from "../offline/values";
import type { PolicyMetadata, StackReport } from "../reports";

/** One stack, planned or deployed, before the policies have judged it. */
export interface StackToJudge {
  readonly stack: string;
  readonly resources: readonly Registered[];
  /** In wire form. */
  readonly outputs: RawProps;
  readonly notes: readonly string[];
  readonly region: string;
  /** Settings of the pack that follow from its stack file; none where there is no such file. */
  readonly settings?: PolicyConfig;
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
  await pack.configure(configFor(stack, config));
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

/** The stack's settings, each below what the given ones say of the same policy. */
function configFor({ settings = {} }: StackToJudge, config: PolicyConfig): PolicyConfig {
  const merged: Record<string, PolicyConfig[string]> = { ...config };
  for (const [name, own] of Object.entries(settings)) merged[name] = { ...recordOf(own), ...recordOf(config[name]) };
  return merged;
}

const recordOf = (given: PolicyConfig[string] | undefined): Readonly<Record<string, unknown>> =>
  typeof given === "string" ? { enforcementLevel: given } : (given ?? {});

/** Metadata of the pack's policies, for the document. */
export const policyMetadata = (pack: PolicyPack): PolicyMetadata[] =>
  pack.policies().map(({ kind: _kind, configurable: _configurable, ...policy }: PolicyInfo) => policy);
