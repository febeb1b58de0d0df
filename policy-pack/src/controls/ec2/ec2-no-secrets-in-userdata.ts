import { resourcePolicy } from "../../frame/policy";
import { secretIn } from "../secret-text";

/** User data can be read by every process on the instance and by everyone who may describe it. */
export const ec2NoSecretsInUserdata = resourcePolicy({
  name: "ec2-no-secrets-in-userdata",
  description: "User data holds no secrets",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["IA-5"], checkov: ["CKV_AWS_46"], trivy: ["AWS-0029", "AWS-0129"] },
  remediation:
    "Remove the secret, replace it wherever it was used, and let the instance read it from Secrets Manager with its role.",
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
  types: [
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    "aws:lightsail/instance:Instance",
  ],
  check(machine, report) {
    for (const key of ["userData", "userDataBase64"]) {
      report.guard(() => {
        const text = machine.at(key).text() ?? "";
        const kind = secretIn(text) ?? secretIn(Buffer.from(text, "base64").toString("utf8"));
        if (kind !== undefined) report.violation(`${key} holds ${kind}`);
      });
    }
  },
});
