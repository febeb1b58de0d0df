import type * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { z } from "zod";
import { levelOf, severityOf, type EnforcementLevel, type PolicyInfo } from "./pack-client";

/** One policy's finding on one resource, as the preview document lists it. */
export interface Finding {
  readonly policy: string;
  readonly urn: string;
  readonly level: EnforcementLevel | "exempt";
  readonly severity: PolicyInfo["severity"];
  readonly message: string;
  readonly remedy?: string;
  /** Path of the input. */
  readonly property?: string;
  readonly source?: string;
  readonly exemption?: { readonly ticket: string; readonly expires: string };
  readonly undeterminable?: true;
}

/**
 * The last line of a message of our pack: its `Finding` (policy-pack/src/frame/finding.ts) as JSON.
 */
const block = z.object({
  finding: z.object({
    policy: z.string(),
    urn: z.string(),
    kind: z.enum(["violation", "undeterminable", "exempt"]),
    found: z.string(),
    remedy: z.string(),
    property: z.string().optional(),
    exemption: z.object({ ticket: z.string(), expires: z.string() }).optional(),
  }),
});
type Told = z.infer<typeof block>["finding"];

/**
 * Reads a diagnostic: from the JSON in the last line of its message, or, for a pack that sends
 * none, from its text.
 * @param urn the resource judged; it takes precedence over the diagnostic's own URN
 * @param sources source position of each resource, by URN
 */
export function findingOf(
  diagnostic: analyzer.AnalyzeDiagnostic,
  urn: string,
  sources: ReadonlyMap<string, string | undefined>,
): Finding {
  const told = toldBy(diagnostic);
  const subject = diagnostic.getUrn() || urn;
  const source = sources.get(subject);
  const undeterminable = told === undefined ? isUnreadable(diagnostic) : told.kind === "undeterminable";
  return {
    policy: diagnostic.getPolicyname(),
    urn: subject,
    level: told?.kind === "exempt" ? "exempt" : levelOf(diagnostic.getEnforcementlevel()),
    severity: severityOf(diagnostic.getSeverity()),
    message: told?.found ?? withoutDescription(diagnostic),
    ...(told !== undefined && { remedy: told.remedy }),
    ...(told?.property !== undefined && { property: told.property }),
    ...(source !== undefined && { source }),
    ...(told?.exemption !== undefined && { exemption: told.exemption }),
    ...(undeterminable && { undeterminable: true as const }),
  };
}

/**
 * The finding in the message. It is used only where the engine would agree. JSON that names another
 * policy or resource, or that would excuse a mandatory diagnostic, is treated as text.
 */
function toldBy(diagnostic: analyzer.AnalyzeDiagnostic): Told | undefined {
  const told = lastLine(diagnostic.getMessage());
  if (told?.policy !== diagnostic.getPolicyname() || told.urn !== diagnostic.getUrn()) return undefined;
  const excuses = told.kind !== "violation" && levelOf(diagnostic.getEnforcementlevel()) !== "advisory";
  return excuses ? undefined : told;
}

function lastLine(message: string): Told | undefined {
  const line = message.slice(message.lastIndexOf("\n") + 1);
  if (!line.startsWith("{")) return undefined;
  try {
    return block.safeParse(JSON.parse(line)).data?.finding;
  } catch {
    return undefined;
  }
}

/** Packs on the SDK's own server: it puts the description before the rule's text. */
function withoutDescription(diagnostic: analyzer.AnalyzeDiagnostic): string {
  const [message, described] = [diagnostic.getMessage(), `${diagnostic.getDescription()}\n`];
  return message.startsWith(described) ? message.slice(described.length) : message;
}

/** The SDK server's text when a rule reads an unknown value. */
const isUnreadable = (diagnostic: analyzer.AnalyzeDiagnostic): boolean =>
  diagnostic.getMessage().startsWith(`can't run policy '${diagnostic.getPolicyname()}'`);
