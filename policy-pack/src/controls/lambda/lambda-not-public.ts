import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** A function acts with its role for whoever may call it; a service principal alone lets every account's resources call through that service. */
export const lambdaNotPublic = resourcePolicy({
  name: "lambda-not-public",
  description: "Functions can be invoked only by named callers of this account",
  severity: "critical",
  level: "mandatory",
  controls: {
    fsbp: ["Lambda.1"],
    "nist-800-53r5": ["AC-3"],
    checkov: ["CKV_AWS_301", "CKV_AWS_364", "CKV_AWS_258"],
    trivy: ["AWS-0067"],
    "cdk-nag": ["R5-LambdaFunctionPublicAccessProhibited"],
  },
  remediation:
    "Name the principal, give a service principal a sourceArn or sourceAccount, and set a function URL's authorizationType to AWS_IAM.",
  url: securityHub("Lambda.1"),
  types: ["aws:lambda/permission:Permission", "aws:lambda/functionUrl:FunctionUrl"],
  check(resource, report) {
    if (resource.type.endsWith(":FunctionUrl")) {
      report.expect(resource.at("authorizationType"), (authorization) => authorization.text() === "AWS_IAM");
      return;
    }
    const principal = resource.at("principal").text() ?? "";
    const limits = ["sourceArn", "sourceAccount", "principalOrgId"].map((key) => resource.at(key));
    if (principal === "*" && resource.at("principalOrgId").isAbsent) report.violation("the principal is everyone");
    if (principal.endsWith(".amazonaws.com") && limits.every((limit) => limit.isAbsent)) {
      report.violation(`${principal} may invoke on behalf of any account: neither sourceArn nor sourceAccount is set`);
    }
    report.expect(resource.at("functionUrlAuthType"), (type) => type.text() !== "NONE");
  },
});
