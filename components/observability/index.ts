export { ObservabilityStack, type ObservabilityStackArgs } from "./observability-stack";
