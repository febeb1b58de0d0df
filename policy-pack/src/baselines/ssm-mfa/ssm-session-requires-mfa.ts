import { isDocument, mfaPolicy } from "./mfa-policy";

/** A session is a shell on the machine. */
export const ssmSessionRequiresMfa = mfaPolicy(
  {
    name: "ssm-session-requires-mfa",
    description: "Sessions are opened and resumed with MFA only",
    severity: "critical",
    controls: {
      baseline: ["ssm-mfa"],
      "nist-800-53r5": ["IA-2(1)", "AC-17"],
      trivy: ["AWS-0123"],
    },
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
  },
  ["ssm:StartSession", "ssm:ResumeSession"],
  isDocument,
);
