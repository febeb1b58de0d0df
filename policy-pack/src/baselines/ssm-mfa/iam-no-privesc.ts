import { resourcePolicy } from "../../frame/policy";
import { all, attempt, some, type Tri } from "../../frame/tri";
import { reportGrants } from "../../iam/allow-statements";
import { isAnything } from "../../iam/limits";
import { PERMISSION_TYPES, permissionStatements } from "../../iam/managed";
import type { Statement } from "../../iam/statement";

/**
 * Actions by which someone gives themselves, or takes, rights they were not given (Rhino Security
 * Labs, "AWS IAM privilege escalation").
 */
const ESCALATING = [
  "iam:CreatePolicyVersion",
  "iam:SetDefaultPolicyVersion",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:UpdateLoginProfile",
  "iam:AttachUserPolicy",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:PutUserPolicy",
  "iam:PutGroupPolicy",
  "iam:PutRolePolicy",
  "iam:AddUserToGroup",
  "iam:UpdateAssumeRolePolicy",
  "iam:DeleteRolePermissionsBoundary",
  "iam:PutRolePermissionsBoundary",
  "iam:DeleteUserPermissionsBoundary",
  "iam:PutUserPermissionsBoundary",
  "iam:PassRole",
];

/** Condition keys that limit such an action to its purpose. */
const FENCES = [
  "iam:passedtoservice",
  "iam:permissionsboundary",
  "iam:policyarn",
  "aws:resourcetag/",
  "iam:resourcetag/",
  "iam:associatedresourcearn",
];

/** An identity that can grant permissions can lift every other restriction, MFA included. */
export const iamNoPrivesc = resourcePolicy({
  name: "iam-no-privesc",
  description: "Nobody can give themselves more rights",
  severity: "critical",
  level: "mandatory",
  controls: {
    baseline: ["ssm-mfa"],
    "nist-800-53r5": ["AC-6(10)"],
    checkov: ["CKV_AWS_286", "CKV_AWS_289", "CKV2_AWS_40"],
    "cdk-nag": ["IAM5"],
  },
  remediation:
    "Name the roles and policies meant in Resource, or add a condition on iam:PermissionsBoundary or iam:PassedToService.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
  types: PERMISSION_TYPES,
  check(resource, report) {
    const statements = permissionStatements(resource, report);
    const denies = statements.filter(
      (statement) =>
        attempt(
          () => !statement.allows && statement.member("Condition").isAbsent && statement.coversEverything === true,
        ) === true,
    );
    report.each(statements, (statement) => {
      const answers = ESCALATING.map((action) => [action, grants(statement, action, denies)] as const);
      reportGrants(report, statement, answers, " on everything");
    });
  },
});

function grants(statement: Statement, action: string, denies: readonly Statement[]): Tri {
  return all(
    () => statement.allows,
    () => statement.matchesAction(action),
    () => statement.coversEverything,
    () => !isFenced(statement),
    () => !isDenied(denies, action),
  );
}

function isDenied(denies: readonly Statement[], action: string): boolean {
  return some(denies, (deny): Tri => deny.matchesAction(action)) === true;
}

function isFenced(statement: Statement): boolean {
  return statement
    .conditions()
    .some(
      ({ operator, key, ifExists, values }) =>
        !ifExists &&
        !operator.includes("not") &&
        FENCES.some((fence) => key.startsWith(fence)) &&
        values.every((value) => value.isUnknown || !isAnything(value.text() ?? "")),
    );
}
