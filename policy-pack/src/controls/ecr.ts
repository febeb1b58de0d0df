import { resourcePolicy, stackPolicy } from "../frame/policy";
import { reportPublic } from "../iam/public-access";
import { demandCompanion } from "../shared/companion";
import { set } from "../shared/remedy";
import { securityHub } from "../shared/security-hub";

/** A tag that can be moved lets an image change after it was reviewed. */
export const ecrImmutable = resourcePolicy({
  name: "ecr-immutable",
  description: "Tags of images cannot be moved",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["ECR.2"], "nist-800-53r5": ["CM-3"], checkov: ["CKV_AWS_51"], trivy: ["AWS-0031"] },
  remediation: 'Set imageTagMutability to "IMMUTABLE".',
  url: securityHub("ECR.2"),
  types: ["aws:ecr/repository:Repository"],
  check(repository, report) {
    report.expect(repository.at("imageTagMutability"), (mutability) => mutability.text() === "IMMUTABLE");
  },
  remediate(inputs) {
    return set(inputs, { imageTagMutability: "IMMUTABLE" });
  },
});

/** Old images stay in the repository and are billed by the gigabyte. */
export const ecrLifecycle = stackPolicy({
  name: "ecr-lifecycle",
  description: "Repositories end old images by themselves",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["ECR.3"], "nist-800-53r5": ["CM-2"], area: ["cost"] },
  remediation: "Add an aws.ecr.LifecyclePolicy for the repository.",
  url: securityHub("ECR.3"),
  types: ["aws:ecr/repository:Repository"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:ecr/repository:Repository"), (repository) =>
      demandCompanion(
        stack,
        report,
        repository,
        ["aws:ecr/lifecyclePolicy:LifecyclePolicy"],
        "repository",
        "no lifecycle policy names the repository",
      ),
    );
  },
});

/**
 * Push access decides what the gateway runs; pull access shows what is in the image.
 */
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

/** A known weakness of an image is found on the day it is pushed. */
export const ecrScan = resourcePolicy({
  name: "ecr-scan",
  description: "Images are scanned when they are pushed",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["ECR.1"], "nist-800-53r5": ["RA-5"], checkov: ["CKV_AWS_163"], trivy: ["AWS-0030"] },
  remediation: "Set imageScanningConfiguration.scanOnPush to true, also where the registry scans by rules of its own.",
  url: securityHub("ECR.1"),
  types: ["aws:ecr/repository:Repository"],
  check(repository, report) {
    report.expect(repository.at("imageScanningConfiguration.scanOnPush"), (scan) => scan.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, { imageScanningConfiguration: { scanOnPush: true } });
  },
});
