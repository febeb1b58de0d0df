import { resourcePolicy } from "../../frame/policy";
import { TRUST_TYPES, trustDocument } from "../../iam/sources";
import { type Statement, statementsOf } from "../../iam/statement";

/** What GitHub's subject must begin with to name an organization: anything else matches other people's repositories. */
const SUBJECT =
  /^(?:repo|repository_owner|job_workflow_ref|enterprise|environment|[a-z_]+:[^*]*repo):[A-Za-z0-9][\w.-]*(?:[/:].*)?$/;

/** A workflow of any repository of GitHub gets a token; only its subject tells it from the company's own. */
export const iamTrustOidcSubject = resourcePolicy({
  name: "iam-trust-oidc-subject",
  description: "A role that trusts GitHub Actions names the organization or repository",
  severity: "critical",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-3", "IA-8"], checkov: ["CKV_AWS_358"] },
  remediation:
    'Add a condition StringEquals on token.actions.githubusercontent.com:sub, such as "repo:ORGANIZATION/REPOSITORY:environment:production".',
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html#idp_oidc_Create_GitHub",
  types: TRUST_TYPES,
  check(role, report) {
    const document = trustDocument(role);
    if (document.isAbsent) return;
    report.each(statementsOf(document), (statement) => {
      if (!statement.allows || !trustsGithub(statement)) return;
      const subjects = statement
        .conditions()
        .filter(
          ({ key, operator, ifExists, set }) =>
            /^token\.actions\.githubusercontent\.com.*:sub$/.test(key) &&
            /^string(?:equals|like)/.test(operator) &&
            !ifExists &&
            set !== "ForAllValues",
        )
        .flatMap(({ values }) => values);
      if (subjects.length === 0)
        report.violation(`${statement.value.path} trusts every repository of GitHub: it asks for no subject`);
      report.each(subjects, (subject) => {
        const text = subject.text() ?? "";
        if (!SUBJECT.test(text) || text.startsWith("workflow:")) {
          report.violation(`${subject.path} is ${subject.show()}, which other people's repositories match too`);
        }
      });
    });
  },
});

function trustsGithub(statement: Statement): boolean {
  return statement
    .principals()
    .some(
      ({ kind, name }) => kind === "Federated" && name.text()?.includes("token.actions.githubusercontent.com") === true,
    );
}
