import { resourcePolicy } from "../../frame/policy";
import { type Tri, all, attempt } from "../../frame/tri";
import { globMatches } from "../../iam/match";
import { IDENTITY_TYPES, identityDocuments, identityStatements } from "../../iam/sources";
import type { Statement } from "../../iam/statement";

const CHECK = "ssm:sessiondocumentaccesscheck";

/**
 * Without the check a permission to start sessions covers the default document too, whatever
 * documents Resource names, and where it names none.
 */
export const ssmSessionDocumentCheck = resourcePolicy({
  name: "ssm-session-document-check",
  description: "Policies that open sessions on machines name documents, and have Systems Manager check them",
  severity: "medium",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AC-17"] },
  remediation:
    'Name the session document in Resource, and add BoolIfExists {"ssm:SessionDocumentAccessCheck": "true"} to the statement.',
  url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-sessiondocumentaccesscheck.html",
  types: IDENTITY_TYPES,
  check(resource, report) {
    if (identityDocuments(resource).length === 0) report.notApplicable("it holds no permissions");
    report.each(identityStatements(resource), (statement) => {
      const answer = all(
        () => statement.allows,
        () => statement.matchesAction("ssm:StartSession"),
        () => choosesMachines(statement),
        () => !isChecked(statement),
      );
      const named = attempt(() => documentsOf(statement).length > 0) === true;
      const which = named ? "names session documents without" : "names machines and no session document, without";
      report.decide(answer, statement.value, `${statement.value.path} ${which} the access check`);
    });
  },
});

const EVERY_DOCUMENT = "arn:aws:ssm:*:*:document/*";
/** What a session may be opened on: an instance, or a machine elsewhere. */
const MACHINE = /^arn:[^:]*:(?:ec2:[^:]*:[^:]*:(?:instance\/|\*)|ssm:[^:]*:[^:]*:managed-instance\/)/;

/**
 * Does the statement name machines, but not every document? For documents alone, as for sessions
 * that are open already, there is nothing to open.
 */
function choosesMachines(statement: Statement): Tri {
  const { resources } = statement;
  if (resources === "unknown") return "unknown";
  const machines = resources.filter((resource) => MACHINE.test(resource));
  return machines.length > 0 && !resources.some((resource) => globMatches(resource, EVERY_DOCUMENT));
}

/** The documents that the statement names. */
function documentsOf({ resources }: Statement): readonly string[] {
  return resources === "unknown" ? [] : resources.filter((resource) => /:document\/./.test(resource));
}

function isChecked(statement: Statement): boolean {
  return statement
    .conditions()
    .some(
      ({ operator, key, values }) =>
        operator === "bool" && key === CHECK && values.every((value) => value.isUnknown || value.flag() === true),
    );
}
