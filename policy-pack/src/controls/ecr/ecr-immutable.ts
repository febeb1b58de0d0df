import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { set } from "../remedy";

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
