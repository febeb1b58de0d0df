export { ObservabilityStack, type ObservabilityStackArgs } from "./observability-stack";
export { accessNodePurpose } from "./langfuse/access-node";
