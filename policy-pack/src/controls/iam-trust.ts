import { resourcePolicy } from "../frame/policy";
import { isLimited, reportPublic } from "../iam/public-access";
import { TRUST_TYPES, trustDocument } from "../iam/sources";
import { type Statement, statementsOf } from "../iam/statement";

/**
 * Condition keys by which a trust in a whole account still says who, or proves that it is meant.
 */
const TELLING =
  /^(?:aws:(?:multifactorauthpresent|multifactorauthage|principalarn|principalorgid|principalorgpaths|principaltag\/.+|userid|username|sourceidentity)|sts:(?:externalid|sourceidentity|rolesessionname))$/;

/** Trust in an account's root admits every principal that its administrators allow. */
export const iamTrustAccountConditioned = resourcePolicy({
  name: "iam-trust-account-conditioned",
  description: "A role that trusts a whole account says by a condition whom in it",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_61"] },
  remediation: "Name roles instead of the account, or demand MFA, a source identity or an external id.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  types: TRUST_TYPES,
  check(role, report) {
    const document = trustDocument(role);
    if (document.isAbsent) return;
    report.each(statementsOf(document), (statement) => {
      if (!statement.allows) return;
      const told = statement
        .conditions()
        .some(
          ({ key, operator, ifExists, set }) =>
            TELLING.test(key) &&
            !ifExists &&
            set !== "ForAllValues" &&
            operator !== "null" &&
            !operator.includes("not"),
        );
      if (told) return;
      report.each(statement.principals(), ({ kind, name }) => {
        if (kind !== "AWS") return;
        if (/^\d{12}$|^arn:[^:]+:iam::\d{12}:root$/.test(name.text() ?? "")) {
          report.violation(`${name.path} trusts the whole account ${name.show()} without a condition`);
        }
      });
    });
  },
});

/** A trust policy for everyone gives the role's permissions to every AWS account. */
export const iamTrustNotPublic = resourcePolicy({
  name: "iam-trust-not-public",
  description: "No role can be assumed by everyone",
  severity: "critical",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_60"] },
  remediation: "Name the principals that may assume the role.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous",
  types: TRUST_TYPES,
  check(role, report) {
    reportPublic(trustDocument(role), report);
  },
});

/**
 * What GitHub's subject must begin with to name an organization: anything else matches other
 * people's repositories.
 */
const SUBJECT =
  /^(?:repo|repository_owner|job_workflow_ref|enterprise|environment|[a-z_]+:[^*]*repo):[A-Za-z0-9][\w.-]*(?:[/:].*)?$/;

/**
 * A workflow of any repository of GitHub gets a token; only its subject tells it from the company's
 * own.
 */
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

/** Services that assume a role on behalf of a resource of whichever account names it. */
const DEPUTIES = new Set(
  [
    "bedrock",
    "cloudtrail",
    "codebuild",
    "config",
    "delivery.logs",
    "events",
    "firehose",
    "pipes",
    "scheduler",
    "ses",
    "sns",
    "states",
    "transfer",
    "vpc-flow-logs",
  ].map((service) => `${service}.amazonaws.com`),
);

/** Without a source, somebody else's rule or flow can make the service use this account's role. */
export const iamTrustServiceSource = resourcePolicy({
  name: "iam-trust-service-source",
  description: "Roles that a service assumes on behalf of resources name those resources",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["AC-3"] },
  remediation: "Add a condition on aws:SourceAccount or aws:SourceArn.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  types: TRUST_TYPES,
  check(role, report) {
    const document = trustDocument(role);
    if (document.isAbsent) return;
    report.each(statementsOf(document), (statement) => {
      if (!statement.allows || isLimited(statement)) return;
      for (const { kind, name } of statement.principals()) {
        if (kind === "Service" && DEPUTIES.has(name.text() ?? ""))
          report.violation(`${name.path} ${name.show()} may act for any account`);
      }
    });
  },
});
