import type { ReportingDescriptor } from "sarif";
import type { FaultReport } from "../faults";
import type { Fingerprint } from "./fingerprint";
import { cut, textLength } from "./limits";
import type { RuleResult } from "./result";

const description = { text: "A stack file or the program is at fault, and nothing was judged." };

/** The rule of faults: they come from no policy. */
export const faultRule: ReportingDescriptor = {
  id: "preview-fault",
  shortDescription: description,
  fullDescription: description,
  help: { text: "Correct the file as the message asks, and run the preview again." },
  defaultConfiguration: { level: "error" },
};

/** A fault on its line; one of the program is placed at the project's file. */
export function faultResult(
  { file = "Pulumi.yaml", line = 1, message }: FaultReport,
  fingerprint: Fingerprint,
): RuleResult {
  return {
    ruleId: faultRule.id,
    kind: "fail",
    level: "error",
    message: { text: cut(message, textLength) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file), uriBaseId: "%SRCROOT%" },
          region: { startLine: Math.max(1, line) },
        },
      },
    ],
    partialFingerprints: fingerprint(faultRule.id, file, message),
  };
}
