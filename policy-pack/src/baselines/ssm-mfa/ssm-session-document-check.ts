import { resourcePolicy } from "../../frame/policy";
import { type Tri, all } from "../../frame/tri";
import { IDENTITY_TYPES, identityDocuments, identityStatements } from "../../iam/sources";
import type { Statement } from "../../iam/statement";

const CHECK = "ssm:sessiondocumentaccesscheck";

/**
 * Without the check the documents named in Resource restrict nothing: the default document is
 * always allowed.
 */
export const ssmSessionDocumentCheck = resourcePolicy({
  name: "ssm-session-document-check",
  description: "Policies that name session documents have Systems Manager check them",
  severity: "medium",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AC-17"] },
  remediation: 'Add BoolIfExists {"ssm:SessionDocumentAccessCheck": "true"} to the statement.',
  url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-sessiondocumentaccesscheck.html",
  types: IDENTITY_TYPES,
  check(resource, report) {
    if (identityDocuments(resource).length === 0) report.notApplicable("it holds no permissions");
    report.each(identityStatements(resource), (statement) => {
      const answer = all(
        () => statement.allows,
        () => statement.matchesAction("ssm:StartSession"),
        () => namesDocument(statement),
        () => !isChecked(statement),
      );
      report.decide(
        answer,
        statement.value,
        `${statement.value.path} names session documents without the access check`,
      );
    });
  },
});

/**
 * Does the statement name documents and machines both? For documents alone there is nothing to
 * open.
 */
function namesDocument(statement: Statement): Tri {
  const resources = statement.resources;
  if (resources === "unknown") return "unknown";
  const named = resources.filter((resource) => /:document\/./.test(resource));
  return (
    named.length > 0 && named.length < resources.length && !named.some((resource) => resource.endsWith(":document/*"))
  );
}

function isChecked(statement: Statement): boolean {
  return statement
    .conditions()
    .some(
      ({ operator, key, values }) =>
        operator === "bool" && key === CHECK && values.every((value) => value.isUnknown || value.flag() === true),
    );
}
