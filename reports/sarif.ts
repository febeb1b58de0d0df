import { createHash } from "node:crypto";
import { canonical, type PolicyMetadata, type PreviewDocument, type Finding } from "./document";
import type { FaultReport } from "./faults";
import { resourceTitle } from "./names";
import { outcomeOf } from "./outcome";

const schema = "https://json.schemastore.org/sarif-2.1.0.json";

/** GitHub ranks alerts by this number, 0 to 10. */
const securitySeverity: Readonly<Record<string, string>> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

/**
 * SARIF 2.1.0 for code scanning. A mandatory violation is an error and an advisory a warning; what cannot be judged before deployment
 * is an open result, and an exempt finding a suppressed one. A finding without a source line points at its stack's file.
 */
export function renderSarif(document: PreviewDocument): string {
  const { stacks, policies = [], faults = [] } = canonical(document);
  const known = new Map(policies.map((policy) => [policy.name, policy]));
  const named = new Set(stacks.flatMap((stack) => stack.violations.map((violation) => violation.policy)));
  const ids = [...new Set([...known.keys(), ...named])];
  const index = new Map(ids.map((id, position) => [id, position]));
  const results = stacks.flatMap(({ stack, violations }) =>
    violations.flatMap((violation) =>
      result(stack, violation, known.get(violation.policy), index.get(violation.policy)),
    ),
  );
  const rules = [...ids.map((id) => rule(id, known.get(id))), ...(faults.length > 0 ? [faultRule] : [])];
  const driver = { name: "Cline Landing Zone policy pack", rules };
  const run = {
    tool: { driver },
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: { "%SRCROOT%": {} },
    results: [...results, ...faults.map(faultResult)],
  };
  return `${JSON.stringify({ $schema: schema, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}

const faultRule = {
  id: "preview-fault",
  shortDescription: { text: "A stack file or the program is at fault, and nothing was judged." },
  defaultConfiguration: { level: "error" },
};

/** A fault on its line; one of the program is placed at the project's file. */
function faultResult({ file = "Pulumi.yaml", line = 1, message }: FaultReport): object {
  return {
    ruleId: faultRule.id,
    kind: "fail",
    level: "error",
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file), uriBaseId: "%SRCROOT%" },
          region: { startLine: Math.max(1, line) },
        },
      },
    ],
    partialFingerprints: { "faultMessage/v1": createHash("sha256").update(`${file}\0${message}`).digest("hex") },
  };
}

function rule(id: string, policy: PolicyMetadata | undefined): object {
  if (!policy) return { id };
  const { description, remediation, url, severity, tags, level } = policy;
  const rank = securitySeverity[severity];
  return {
    id,
    shortDescription: { text: description },
    ...(remediation && { help: { text: remediation } }),
    ...(url && { helpUri: url }),
    defaultConfiguration: { level: level === "mandatory" ? "error" : "warning" },
    properties: { tags: [...new Set(["security", ...tags])], ...(rank && { "security-severity": rank }) },
  };
}

function result(
  stack: string,
  violation: Finding,
  policy: PolicyMetadata | undefined,
  ruleIndex: number | undefined,
): object[] {
  const outcome = outcomeOf(violation);
  if (outcome === "disabled") return [];
  const { urn, message, remedy = policy?.remediation, exemption } = violation;
  const title = resourceTitle(urn);
  const level =
    outcome === "mandatory" || (outcome === "exempt" && policy?.level === "mandatory") ? "error" : "warning";
  const kind = outcome === "undeterminable" ? "open" : outcome === "remediated" ? "informational" : "fail";
  return [
    {
      ruleId: violation.policy,
      ...(ruleIndex !== undefined && { ruleIndex }),
      kind,
      level: kind === "fail" ? level : "none",
      message: { text: `${title}: ${message}${kind === "fail" && remedy ? `\n${remedy}` : ""}` },
      locations: [
        {
          physicalLocation: physicalLocation(stack, violation.source),
          logicalLocations: [{ name: title, fullyQualifiedName: urn, kind: "resource" }],
        },
      ],
      partialFingerprints: { "policyUrnMessage/v1": fingerprint(violation) },
      ...(exemption && {
        suppressions: [
          { kind: "external", status: "accepted", justification: `${exemption.ticket}, until ${exemption.expires}` },
        ],
      }),
    },
  ];
}

function physicalLocation(stack: string, source: string | undefined): object {
  const [, file, line] = /^(.+?):(\d+)(?::\d+)?$/.exec(source ?? "") ?? [];
  const uri = encodeURI((file ?? `stacks/Pulumi.${stack}.yaml`).replaceAll("\\", "/"));
  return { artifactLocation: { uri, uriBaseId: "%SRCROOT%" }, region: { startLine: Math.max(1, Number(line ?? 1)) } };
}

/** The same finding keeps its fingerprint when the line of its source moves. */
function fingerprint({ policy, urn, message }: Finding): string {
  return createHash("sha256")
    .update(JSON.stringify([policy, urn, message]))
    .digest("hex");
}
