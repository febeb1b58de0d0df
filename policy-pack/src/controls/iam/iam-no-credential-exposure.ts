import { resourcePolicy } from "../../frame/policy";
import { IDENTITY_TYPES } from "../../iam/sources";
import { reportUnlimited } from "../iam-reading";

const ACTIONS = [
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:UpdateLoginProfile",
  "iam:CreateServiceSpecificCredential",
  "iam:ResetServiceSpecificCredential",
  "sts:AssumeRole",
  "sts:GetFederationToken",
  "lightsail:GetInstanceAccessDetails",
  "redshift:GetClusterCredentials",
  "rds-db:connect",
];

/** Some actions answer with credentials; allowed on everyone, their caller is everyone. */
export const iamNoCredentialExposure = resourcePolicy({
  name: "iam-no-credential-exposure",
  description: "Nobody may make credentials for whomever he likes",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6", "IA-5"], checkov: ["CKV_AWS_287"] },
  remediation: "Name the users, roles or databases, or remove the action.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  types: IDENTITY_TYPES,
  check(resource, report) {
    reportUnlimited(resource, report, ACTIONS, "these answer with credentials");
  },
});
