import { resourcePolicy } from "../../frame/policy";
import { type Tri, all, attempt, every, not, some } from "../../frame/tri";
import { reportGrants } from "../../iam/allow-statements";
import { grantsWithoutMfa } from "../../iam/mfa";
import { IDENTITY_TYPES, identityDocuments } from "../../iam/sources";
import { type Statement, statementsOf } from "../../iam/statement";
import { holdingOf } from "../../iam/trust";

const LOCKED = ["ssm:UpdateDocument", "ssm:UpdateDocumentDefaultVersion", "ssm:ModifyDocumentPermission"];

/** A change of the session document can switch its log off. */
export const ssmSessionDocumentLocked = resourcePolicy({
  name: "ssm-session-document-locked",
  description: "Session documents are not changed or shared by those who use them",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AU-9", "CM-5"] },
  remediation:
    "Take ssm:UpdateDocument, ssm:UpdateDocumentDefaultVersion and ssm:ModifyDocumentPermission out; documents change by deployment.",
  url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-sessiondocumentaccesscheck.html",
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
      const grants = LOCKED.map((action) => {
        const denied = some(denies, (deny) =>
          all(
            () => deny.matchesAction(action),
            () => covers(deny, statement),
          ),
        );
        const granted = all(
          () => grantsWithoutMfa([statement], action).length > 0,
          () => statement.matchesAction(action),
          () => not(denied),
        );
        return [action, granted] as const;
      });
      reportGrants(report, statement, grants);
    });
  },
});

function covers(deny: Statement, allow: Statement): Tri {
  const resources = allow.resources;
  return resources === "unknown"
    ? deny.coversEverything
    : every(resources, (resource) => deny.coversResource(resource));
}
