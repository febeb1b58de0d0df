import { dataPurposes, type StackSpec } from "../config";
import { stackContext, type StackContext } from "./kit";

/** The context of a stack file's stack. */
export function contextOf(spec: StackSpec): StackContext {
  const { platform, department } = spec;
  return stackContext({
    organization: platform.organization,
    stack: spec.stack,
    accountId: spec.accountId,
    region: spec.region,
    timeZone: platform.timeZone,
    keptBy: spec.kept,
    ...(department && { costCenter: department.costCenter }),
    retentionDays: Object.fromEntries(
      dataPurposes.map((purpose) => [purpose, spec.dataControl[purpose].retentionDays]),
    ),
  });
}
