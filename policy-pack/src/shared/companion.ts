import type { Report } from "../frame/report";
import { Undeterminable } from "../frame/value";
import type { ResourceView, StackView } from "../frame/view";

/**
 * Requires that a resource of the stack have a companion (a bucket its versioning, a VPC its flow
 * log) which passes the test. A reference that preview cannot resolve may name this resource or
 * another, so the result is undeterminable instead of a violation.
 * @param types the companions' types
 * @param path the companions' input that names the resource
 * @param missing the message when there is none
 */
export function demandCompanion(
  stack: StackView,
  report: Report,
  target: ResourceView,
  types: readonly string[],
  path: string,
  missing: string,
  test: (companion: ResourceView) => boolean = () => true,
): void {
  const { found, unsure } = stack.companions(target, types, path);
  let unknown: Undeterminable | undefined;
  for (const companion of found) {
    try {
      if (test(companion)) return;
    } catch (error) {
      if (!(error instanceof Undeterminable)) throw error;
      unknown ??= error;
    }
  }
  if (unknown) throw unknown;
  const [reference] = unsure;
  if (reference) report.undeterminable(reference, "is not known yet and may name this resource");
  else report.violation(missing);
}
