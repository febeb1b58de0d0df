import { parse } from "yaml";
import type { Report } from "../../frame/report";
import { Undeterminable, Value } from "../../frame/value";
import type { ResourceView } from "../../frame/view";

/**
 * The inputs of a session document; ends the rule for documents of other kinds and sessions without
 * a shell's content.
 */
export function sessionInputs(document: ResourceView, report: Report): Value {
  const type = document.at("documentType");
  if (!type.isUnknown && type.isSet && type.text() !== "Session") report.notApplicable("it is no session document");
  const content = contentOf(document.at("content"));
  if (content.at("sessionType").isAbsent && content.at("inputs").isAbsent)
    report.notApplicable("it is no session document");
  // What passes a forwarded port is not the agent's to see: it can neither be logged nor encrypted
  // by it.
  if (["Port", "InteractiveCommands", "NonInteractiveCommands"].includes(content.at("sessionType").text() ?? ""))
    report.notApplicable("sessions of this type have no preferences");
  return content.at("inputs");
}

/** Documents are JSON or YAML, whatever their format says. */
function contentOf(content: Value): Value {
  try {
    return content.document();
  } catch (error) {
    if (!(error instanceof Undeterminable) || content.isUnknown) throw error;
  }
  try {
    return Value.of(parse(content.text() ?? "", { logLevel: "error" }), content.path);
  } catch {
    throw new Undeterminable(content.path, "is neither JSON nor YAML");
  }
}

/** Whether a session document names something; an unknown name counts, an empty one does not. */
export function isGiven(value: Value): boolean {
  return value.isUnknown || (value.text() ?? "") !== "";
}
