import type { PhysicalLocation, Result } from "sarif";
import type { Finding, PolicyMetadata } from "../document";
import { resourceTitle } from "../names";
import { outcomeOf } from "../outcome";
import type { Fingerprint } from "./fingerprint";
import { cut, textLength } from "./limits";

/** A result that names its rule; the renderer adds the rule's index. */
export type RuleResult = Result & { readonly ruleId: string };

/** A finding as a result. */
export function resultOf(
  stack: string,
  finding: Finding,
  policy: PolicyMetadata | undefined,
  fingerprint: Fingerprint,
): RuleResult {
  const outcome = outcomeOf(finding);
  const { urn, message, property, source, remedy = policy?.remediation, exemption } = finding;
  const title = resourceTitle(urn);
  const level =
    outcome === "mandatory" || (outcome === "exempt" && policy?.level === "mandatory") ? "error" : "warning";
  const kind = outcome === "undeterminable" ? "open" : outcome === "remediated" ? "informational" : "fail";
  const text = `${title}: ${message}${kind === "fail" && remedy ? `\n${remedy}` : ""}`;
  return {
    ruleId: finding.policy,
    kind,
    level: kind === "fail" ? level : "none",
    message: { text: cut(text, textLength) },
    locations: [
      {
        physicalLocation: locationOf(stack, source),
        logicalLocations: [{ name: title, fullyQualifiedName: urn, kind: "resource" }],
      },
    ],
    partialFingerprints: fingerprint(finding.policy, urn, message),
    ...(property !== undefined && { properties: { property } }),
    ...(exemption && {
      suppressions: [
        { kind: "external", status: "accepted", justification: `${exemption.ticket}, until ${exemption.expires}` },
      ],
    }),
  };
}

/** The source line, or the first line of the stack's file where none is known. */
function locationOf(stack: string, source: string | undefined): PhysicalLocation {
  const [, file, line] = /^(.+?):(\d+)(?::\d+)?$/.exec(source ?? "") ?? [];
  const uri = encodeURI((file ?? `stacks/Pulumi.${stack}.yaml`).replaceAll("\\", "/"));
  return { artifactLocation: { uri, uriBaseId: "%SRCROOT%" }, region: { startLine: Math.max(1, Number(line ?? 1)) } };
}
