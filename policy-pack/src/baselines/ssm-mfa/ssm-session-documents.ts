import { resourcePolicy } from "../../frame/policy";
import { all, attempt, every, not, some, type Tri } from "../../frame/tri";
import { grantsWithoutMfa } from "../../iam/mfa";
import { IDENTITY_TYPES, identityDocuments, identityStatements } from "../../iam/sources";
import { holdingOf } from "../../iam/trust";
import { statementsOf, type Statement } from "../../iam/statement";

const CHECK = "ssm:sessiondocumentaccesscheck";
const URL =
  "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-sessiondocumentaccesscheck.html";

/** Without the check the documents named in Resource restrict nothing: the default document is always allowed. */
export const ssmSessionDocumentCheck = resourcePolicy({
  name: "ssm-session-document-check",
  description: "Policies that name session documents have Systems Manager check them",
  severity: "medium",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AC-17"] },
  remediation: 'Add BoolIfExists {"ssm:SessionDocumentAccessCheck": "true"} to the statement.',
  url: URL,
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

/** Does the statement name documents and machines both? For documents alone there is nothing to open. */
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

const LOCKED = ["ssm:UpdateDocument", "ssm:UpdateDocumentDefaultVersion", "ssm:ModifyDocumentPermission"];

/** Whoever may rewrite the session document may switch its log off. */
export const ssmSessionDocumentLocked = resourcePolicy({
  name: "ssm-session-document-locked",
  description: "Session documents are not changed or shared by those who use them",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AU-9", "CM-5"] },
  remediation:
    "Take ssm:UpdateDocument, ssm:UpdateDocumentDefaultVersion and ssm:ModifyDocumentPermission out; documents change by deployment.",
  url: URL,
  types: IDENTITY_TYPES,
  check(resource, report) {
    const documents = identityDocuments(resource);
    if (documents.length === 0) report.notApplicable("it holds no permissions");
    if (holdingOf(resource) === "services") report.notApplicable("only AWS services assume the role");
    const statements = documents.flatMap(({ document }) => statementsOf(document));
    const denies = statements.filter(
      (statement) => attempt(() => !statement.allows) === true && statement.member("Condition").isAbsent,
    );
    report.each(statements, (statement) => {
      for (const action of LOCKED) {
        const denied = some(denies, (deny) =>
          all(
            () => deny.matchesAction(action),
            () => covers(deny, statement),
          ),
        );
        const answer = all(
          () => grantsWithoutMfa([statement], action).length > 0,
          () => statement.matchesAction(action),
          () => not(denied),
        );
        report.decide(answer, statement.value, `${statement.value.path} allows ${action}`);
      }
    });
  },
});

function covers(deny: Statement, allow: Statement): Tri {
  const resources = allow.resources;
  return resources === "unknown"
    ? deny.coversEverything
    : every(resources, (resource) => deny.coversResource(resource));
}
