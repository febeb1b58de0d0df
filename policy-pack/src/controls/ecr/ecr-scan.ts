import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { set } from "../remedy";

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
