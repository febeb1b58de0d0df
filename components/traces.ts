import type { StackSpec } from "../config";

/** The stack with a department's reports and its Langfuse. */
export const tracesStack = (spec: StackSpec): string => (spec.observability ? spec.stack : spec.platform.stack);

/** Tag `Purpose` of the access node: a lead's role opens sessions to instances that carry it, with Langfuse's session document only. */
export const accessNodePurpose = "langfuse-access";
