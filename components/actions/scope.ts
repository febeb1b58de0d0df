import { gatewayHost, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import { gatewayStack } from "../gateway/batch-policies";
import type { ModelChoice } from "../gateway/models";
import type { StackContext } from "../kit";

/** The values that the policies of a stack's functions contain. */
export interface ActionScope {
  readonly context: StackContext;
  readonly models: ModelChoice;
  /** DNS name of the gateway that the stack uses. */
  readonly host: string;
}

/** The scope of a stack file's stack. */
export function actionScope(spec: StackSpec): ActionScope {
  const { models, residency, guardrails } = spec.platform;
  return {
    context: contextOf(spec),
    models: { models, residency, guardrails, embeddings: spec.extrasWithin.includes("embeddings") },
    host: gatewayHost(gatewayStack(spec), spec.platform),
  };
}
