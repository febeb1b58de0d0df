import { resourcePolicy } from "../../frame/policy";
import { reportPublic } from "../public-access";

/** Whoever may push an image decides what the gateway runs; whoever may pull reads what is in it. */
export const ecrNoPublicPolicy = resourcePolicy({
  name: "ecr-no-public-policy",
  description: "No repository's policy allows everyone",
  severity: "critical",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_32"], trivy: ["AWS-0032"], "cdk-nag": ["ECR1"] },
  remediation: "Name the principals, or add a condition on aws:PrincipalOrgID.",
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
  types: ["aws:ecr/repositoryPolicy:RepositoryPolicy", "aws:ecr/registryPolicy:RegistryPolicy"],
  check(repository, report) {
    reportPublic(repository.at("policy"), report);
  },
});
