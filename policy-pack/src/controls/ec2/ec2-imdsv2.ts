import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { set } from "../remedy";

const TYPES = [
  "aws:ec2/instance:Instance",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
];

/** IMDSv1 answers any request from the instance, so one server-side request forgery hands over the role's credentials. */
export const ec2Imdsv2 = resourcePolicy({
  name: "ec2-imdsv2",
  description: "The instance metadata service answers only requests with a session token (IMDSv2)",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["EC2.8", "EC2.170"],
    "cis-aws-3.0": ["5.6"],
    "nist-800-53r5": ["AC-3"],
    checkov: ["CKV_AWS_79"],
    trivy: ["AWS-0028", "AWS-0130"],
    "cdk-nag": ["R5-EC2IMDSv2Enabled"],
  },
  remediation: 'Set metadataOptions.httpTokens to "required".',
  url: securityHub("EC2.8"),
  types: TYPES,
  check(machine, report) {
    const options = machine.at("metadataOptions");
    if (options.at("httpEndpoint").isSet && options.at("httpEndpoint").text() === "disabled") return;
    report.expect(options.at("httpTokens"), (tokens) => tokens.text() === "required");
  },
  remediate(inputs) {
    const options = inputs["metadataOptions"];
    if (typeof options !== "object" || options === null)
      return set(inputs, { metadataOptions: { httpTokens: "required" } });
    const settings = options as Record<string, unknown>;
    return settings["httpEndpoint"] !== "disabled" && set(settings, { httpTokens: "required" });
  },
});
