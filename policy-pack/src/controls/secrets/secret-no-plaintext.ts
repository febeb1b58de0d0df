import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";
import { isSecretName, secretIn, secretNamed } from "../secret-text";

/** Environment variables are shown by every Describe call and end up in logs and crash dumps. */
export const secretNoPlaintext = resourcePolicy({
  name: "secret-no-plaintext",
  description: "No configuration of a service holds a secret in plain text",
  severity: "critical",
  level: "mandatory",
  controls: {
    fsbp: ["CodeBuild.2"],
    "nist-800-53r5": ["IA-5(7)"],
    checkov: ["CKV_AWS_45", "CKV_AWS_41"],
    trivy: ["AWS-0036"],
  },
  remediation:
    "Keep the secret in Secrets Manager, hand over its ARN, and let the code read it with its role. Replace the value that stood here.",
  url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
  types: [
    "aws:lambda/function:Function",
    "aws:codebuild/project:Project",
    "aws:batch/jobDefinition:JobDefinition",
    "aws:apprunner/service:Service",
    "pulumi:providers:aws",
  ],
  check(resource, report) {
    const judge = (name: string, value: Value): void =>
      report.guard(() => {
        // What preview cannot know is no literal; under a secret's name it is worth a look all the same.
        if (value.isUnknown && !isSecretName(name)) return;
        const text = value.text() ?? "";
        const kind = secretIn(`${name}=${text}`);
        if (kind !== undefined) report.violation(`${value.path} holds ${kind}`);
        else if (secretNamed(name, text)) report.violation(`${value.path} holds a secret, as its name says`);
      });
    const all = (variables: Value): void =>
      report.guard(() => variables.entries().forEach(([name, value]) => judge(name, value)));
    all(resource.at("environment.variables"));
    all(resource.at("sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentVariables"));
    all(
      resource.at(
        "sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues.runtimeEnvironmentVariables",
      ),
    );
    report.each(resource.at("environment.environmentVariables"), (variable) => {
      if ((variable.at("type").text() ?? "PLAINTEXT") === "PLAINTEXT")
        judge(variable.at("name").text() ?? "", variable.at("value"));
    });
    report.guard(() => {
      const variables = resource.at("containerProperties").document().at("environment");
      report.each(variables, (variable) => judge(variable.at("name").text() ?? "", variable.at("value")));
    });
    for (const key of ["accessKey", "secretKey", "token"]) {
      const credential = resource.at(key);
      if (resource.type === "pulumi:providers:aws" && credential.isSet) report.violation(`${key} is set`);
    }
  },
});
