import { resourcePolicy } from "../../frame/policy";
import { IDENTITY_TYPES } from "../../iam/sources";
import { reportUnlimited } from "../iam-reading";

const ACTIONS = [
  "s3:GetObject",
  "secretsmanager:GetSecretValue",
  "ssm:GetParameter",
  "ssm:GetParameters",
  "ssm:GetParametersByPath",
];

/** One identity that may read everything is all that an intruder needs. */
export const iamNoDataExfiltration = resourcePolicy({
  name: "iam-no-data-exfiltration",
  description: "Nobody may read every object, secret and parameter",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], checkov: ["CKV_AWS_288"] },
  remediation: "Name the buckets, secrets and parameters that are needed.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  types: IDENTITY_TYPES,
  check(resource, report) {
    reportUnlimited(resource, report, ACTIONS, "these read what is stored");
  },
});
