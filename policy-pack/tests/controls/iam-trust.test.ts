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
    "a subject only if there is any": trust(GITHUB, subject("repo:example/app:*", "StringLikeIfExists")),
  },
  accepted: {
    "a branch": trust(GITHUB, subject("repo:example/app:ref:refs/heads/main")),
    "an organization": trust(GITHUB, subject("repo:example/*", "StringLike")),
    "another provider": trust({ Federated: "arn:aws:iam::111122223333:saml-provider/idp" }),
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
