import {
  iamTrustAccountConditioned,
  iamTrustNotPublic,
  iamTrustOidcSubject,
  iamTrustServiceSource,
} from "../../src/controls/iam-trust";
import { resourceCases } from "./cases";
import { MFA, ROOT, document, service, trust } from "./documents";

resourceCases(iamTrustAccountConditioned, {
  compliant: { assumeRolePolicy: document(service) },
  violations: {
    "the account's root": trust({ AWS: ROOT }),
    "the account's number": trust({ AWS: ["arn:aws:iam::111122223333:role/app", "111122223333"] }),
    "MFA only if there is any": trust(
      { AWS: ROOT },
      { Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } } },
    ),
    "everybody but one": trust({ AWS: ROOT }, { Condition: { StringNotEquals: { "aws:username": "sato" } } }),
  },
  accepted: {
    "with MFA": trust({ AWS: ROOT }, MFA),
    "an external id": trust({ AWS: ROOT }, { Condition: { StringEquals: { "sts:ExternalId": "x" } } }),
    "a role": trust({ AWS: "arn:aws:iam::111122223333:role/app" }),
    "a denial": trust({ AWS: ROOT }, { Effect: "Deny" }),
  },
});

resourceCases(iamTrustNotPublic, {
  compliant: { assumeRolePolicy: document(service) },
  violations: {
    everyone: trust("*"),
    "every account": trust({ AWS: ["*"] }),
    "everyone by a condition that proves nothing": trust("*", {
      Condition: { Bool: { "aws:SecureTransport": "true" } },
    }),
  },
  accepted: {
    "a role": trust({ AWS: "arn:aws:iam::111122223333:role/app" }),
    "a denial": trust("*", { Effect: "Deny" }),
    "an organization": trust("*", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
    "no document": { assumeRolePolicy: "" },
  },
});

const GITHUB = { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" };
const subject = (sub: unknown, operator = "StringEquals"): object => ({
  Condition: { [operator]: { "token.actions.githubusercontent.com:sub": sub } },
});
resourceCases(iamTrustOidcSubject, {
  compliant: { assumeRolePolicy: document(service) },
  violations: {
    "no subject": trust(GITHUB, {
      Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
    }),
    "any subject": trust(GITHUB, subject("*", "StringLike")),
    "any repository": trust(GITHUB, subject("repo:*", "StringLike")),
    "organizations that begin alike": trust(GITHUB, subject("repo:example*", "StringLike")),
    "one good, one bad": trust(GITHUB, subject(["repo:example/app:ref:refs/heads/main", "repo:*"], "StringLike")),
    "an environment, which anybody may name alike": trust(GITHUB, subject("environment:production")),
    "a workflow's name before the repository": trust(GITHUB, subject("workflow:x:repo:example/app")),
    "a subject only if there is any": trust(GITHUB, subject("repo:example/app:*", "StringLikeIfExists")),
  },
  accepted: {
    "a branch": trust(GITHUB, subject("repo:example/app:ref:refs/heads/main")),
    "an organization": trust(GITHUB, subject("repo:example/*", "StringLike")),
    "the owner's id": trust(GITHUB, subject("repository_owner_id:12345:environment:production")),
    "an environment beside the repository's id": trust(GITHUB, {
      Condition: {
        StringEquals: {
          "token.actions.githubusercontent.com:sub": "environment:production",
          "token.actions.githubusercontent.com:repository_id": "12345",
        },
      },
    }),
    "another provider": trust({ Federated: "arn:aws:iam::111122223333:saml-provider/idp" }),
  },
});

const shared = (host: string, conditions: object, name = `arn:aws:iam::111122223333:oidc-provider/${host}`) =>
  trust({ Federated: name }, { Condition: { StringLike: conditions } });
resourceCases(iamTrustOidcSubject, {
  compliant: { assumeRolePolicy: document(service) },
  violations: {
    "HCP Terraform by its audience": shared("app.terraform.io", { "app.terraform.io:aud": "aws.workload.identity" }),
    "any organization there": shared("app.terraform.io", { "app.terraform.io:sub": "organization:*:project:infra:*" }),
    "any group of GitLab": shared("gitlab.com", { "gitlab.com:sub": "project_path:*:ref:main" }),
    "any identity pool": shared(
      "",
      { "cognito-identity.amazonaws.com:amr": "authenticated" },
      "cognito-identity.amazonaws.com",
    ),
    "any application of Google": shared("accounts.google.com", { "accounts.google.com:email": "x@example.com" }),
  },
  accepted: {
    "an organization of HCP Terraform": shared("app.terraform.io", {
      "app.terraform.io:sub": "organization:example:project:infra:workspace:*",
    }),
    "a group of GitLab": shared("gitlab.com", { "gitlab.com:sub": "project_path:example/*:ref_type:branch:ref:main" }),
    "an identity pool": shared(
      "",
      { "cognito-identity.amazonaws.com:aud": "eu-west-1:00000000-0000-0000-0000-000000000000" },
      "cognito-identity.amazonaws.com",
    ),
    "an issuer of the company's own": shared("gitlab.example.com", { "gitlab.example.com:aud": "sts" }),
    "a cluster's issuer": shared("oidc.eks.eu-west-1.amazonaws.com/id/ABC", {}),
  },
});

resourceCases(iamTrustServiceSource, {
  compliant: { assumeRolePolicy: document(service) },
  violations: {
    "a deputy": trust({ Service: "scheduler.amazonaws.com" }),
    "one of several": trust({ Service: ["lambda.amazonaws.com", "vpc-flow-logs.amazonaws.com"] }),
  },
  accepted: {
    "its account": trust(
      { Service: "scheduler.amazonaws.com" },
      { Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } } },
    ),
    "a service that acts for itself": trust({ Service: "lambda.amazonaws.com" }),
  },
});
