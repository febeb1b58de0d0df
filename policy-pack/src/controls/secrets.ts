import { resourcePolicy, stackPolicy } from "../frame/policy";
import type { Value } from "../frame/value";
import { reportPublic } from "../iam/public-access";
import { demandCompanion } from "../shared/companion";
import { set } from "../shared/remedy";
import { mostDaysBetween } from "../shared/schedule";
import { isSecretName, secretIn, secretInScript, secretNamed } from "../shared/secret-text";
import { securityHub } from "../shared/security-hub";

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
        // What preview cannot know is no literal; under a secret's name it is worth a look all the
        // same.
        if (value.isUnknown && !isSecretName(name)) return;
        const text = value.text() ?? "";
        const kind = secretIn(`${name}=${text}`) ?? secretInScript(text);
        if (kind !== undefined) report.violation(`${value.path} holds ${kind}`);
        else if (secretNamed(name, text))
          report.violation(`${value.path} holds a secret, as its name and its form say`);
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

/** A resource policy for everyone publishes the secret. */
export const secretPolicyNotPublic = resourcePolicy({
  name: "secret-policy-not-public",
  description: "No secret's policy allows everyone",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-3"] },
  remediation: "Name the principals, and set blockPublicPolicy to true.",
  url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
  types: ["aws:secretsmanager/secretPolicy:SecretPolicy", "aws:secretsmanager/secret:Secret"],
  check(secret, report) {
    reportPublic(secret.at("policy"), report);
    if (secret.type.endsWith(":SecretPolicy"))
      report.expect(secret.at("blockPublicPolicy"), (block) => block.flag() !== false);
  },
  remediate(inputs, type) {
    if (!type.endsWith(":SecretPolicy")) return false;
    return "blockPublicPolicy" in inputs && set(inputs, { blockPublicPolicy: true });
  },
});

/** A leaked secret is useful until it rotates. */
export const secretRotation = stackPolicy({
  name: "secret-rotation",
  description: "Every secret rotates by itself",
  severity: "medium",
  level: "advisory",
  controls: { fsbp: ["SecretsManager.1"], "nist-800-53r5": ["IA-5"], checkov: ["CKV2_AWS_57"], "cdk-nag": ["SMG4"] },
  remediation:
    "Add an aws.secretsmanager.SecretRotation for the secret. One that must never change (a salt) needs an exemption that says why.",
  url: securityHub("SecretsManager.1"),
  types: ["aws:secretsmanager/secret:Secret"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:secretsmanager/secret:Secret"), (secret) =>
      demandCompanion(
        stack,
        report,
        secret,
        ["aws:secretsmanager/secretRotation:SecretRotation"],
        "secretId",
        "nothing rotates the secret",
      ),
    );
  },
});

/** A quarter is the longest time for which a leaked value should work. */
export const secretRotationInterval = resourcePolicy({
  name: "secret-rotation-interval",
  description: "Secrets rotate at least every 90 days",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["SecretsManager.4"], "nist-800-53r5": ["IA-5"], checkov: ["CKV_AWS_304"] },
  remediation: "Set rotationRules.automaticallyAfterDays, or a rate or cron in scheduleExpression, to 90 days or less.",
  url: securityHub("SecretsManager.4"),
  types: ["aws:secretsmanager/secretRotation:SecretRotation"],
  config: { maxDays: { type: "integer", description: "The most days between two rotations", default: 90 } },
  check(rotation, report, config) {
    const most = config.at("maxDays").number() ?? 90;
    const schedule = rotation.at("rotationRules.scheduleExpression");
    if (schedule.isSet) {
      report.expect(schedule, () => mostDaysBetween(schedule.text() ?? "") <= most);
      return;
    }
    report.expect(rotation.at("rotationRules.automaticallyAfterDays"), (days) => (days.number() ?? Infinity) <= most);
  },
});
