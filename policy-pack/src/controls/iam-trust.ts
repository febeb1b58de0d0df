import { SHARED_ISSUERS, type SharedIssuer } from "../data/shared-issuers";
import { resourcePolicy } from "../frame/policy";
import type { Report } from "../frame/report";
import { attempt } from "../frame/tri";
import type { Value } from "../frame/value";
import { isAnything } from "../iam/limits";
import { isLimited, reportPublic } from "../iam/public-access";
import { TRUST_TYPES, trustDocument } from "../iam/sources";
import { type Condition, type Statement, statementsOf } from "../iam/statement";

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
      const told = statement.conditions().some(says);
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

function says({ key, operator, ifExists, set, values }: Condition): boolean {
  if (!TELLING.test(key) || ifExists || set === "ForAllValues" || operator === "null" || operator.includes("not"))
    return false;
  const isPresence = key === "aws:multifactorauthpresent";
  return values.every(
    (value) => value.isUnknown || (isPresence ? value.flag() === true : !isAnyPrincipal(value.text() ?? "")),
  );
}

function isAnyPrincipal(value: string): boolean {
  return isAnything(value) || /^arn:[^:]*:iam::[^:]*:[*?]+$/.test(value);
}

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
 * Such an issuer gives everybody a token; only a claim in it tells the company's own from other
 * people's.
 */
export const iamTrustOidcSubject = resourcePolicy({
  name: "iam-trust-oidc-subject",
  description: "A role that trusts a shared issuer, such as GitHub Actions, names the organization",
  severity: "critical",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-3", "IA-8"], checkov: ["CKV_AWS_358"] },
  remediation:
    'Add a condition StringEquals on the issuer\'s claim, such as token.actions.githubusercontent.com:sub "repo:ORGANIZATION/REPOSITORY:environment:production".',
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html#idp_oidc_Create_GitHub",
  types: TRUST_TYPES,
  check(role, report) {
    const document = trustDocument(role);
    if (document.isAbsent) return;
    report.each(statementsOf(document), (statement) => {
      if (!statement.allows) return;
      for (const issuer of issuersOf(statement)) reportUnnamed(statement, issuer, report);
    });
  },
});

/** Reports that no condition on the issuer's claims names an owner by each of its values. */
function reportUnnamed(statement: Statement, { host, who, claims }: SharedIssuer, report: Report): void {
  const asked = statement.conditions().flatMap(({ key, operator, ifExists, set, values }) => {
    if (!key.startsWith(host) || !/^string(?:equals|like)/.test(operator) || ifExists || set === "ForAllValues")
      return [];
    const form = claims[key.split(":").at(-1) ?? ""];
    return form === undefined ? [] : [{ form, values }];
  });
  const names = (form: RegExp, value: Value): boolean => form.test(value.text() ?? "");
  const isNamed = asked.some(({ form, values }) => values.every((value) => attempt(() => names(form, value)) === true));
  if (isNamed) return;
  if (asked.length === 0)
    report.violation(
      `${statement.value.path} trusts ${who}: no condition asks for ${Object.keys(claims).join(" or ")}`,
    );
  for (const { form, values } of asked) {
    report.each(values, (value) => {
      if (!names(form, value))
        report.violation(`${value.path} is ${value.show()}, which other people's tokens match too`);
    });
  }
}

/** The shared issuers whose tokens the statement trusts. */
function issuersOf(statement: Statement): SharedIssuer[] {
  return statement.principals().flatMap(({ kind, name }) => {
    if (kind !== "Federated") return [];
    const provider = (name.text() ?? "").replace(/^.*:oidc-provider\//, "");
    return SHARED_ISSUERS.filter(({ host }) => provider === host || provider.startsWith(`${host}/`));
  });
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
