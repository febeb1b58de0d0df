import { resourcePolicy } from "../../frame/policy";
import { PUBLIC_ACCESS_BLOCKS } from "../types";
import { securityHub } from "../urls";
import { set } from "../remedy";

const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

/** Each of the four flags closes one door; AWS opens each that is not named. */
export const s3PublicAccessBlockFlags = resourcePolicy({
  name: "s3-public-access-block-flags",
  description: "A public access block has all four flags on",
  severity: "critical",
  level: "mandatory",
  controls: {
    fsbp: ["S3.1", "S3.8"],
    "nist-800-53r5": ["AC-3"],
    checkov: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"],
    trivy: ["AWS-0086", "AWS-0087", "AWS-0091", "AWS-0093"],
  },
  remediation: `Set ${FLAGS.join(", ")} to true.`,
  url: securityHub("S3.8"),
  types: [...PUBLIC_ACCESS_BLOCKS, "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"],
  check(block, report) {
    for (const flag of FLAGS) report.expect(block.at(flag), (value) => value.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, Object.fromEntries(FLAGS.map((flag) => [flag, true])));
  },
});
