import { resourcePolicy } from "../../frame/policy";
import { secretIn, secretNamed } from "../secret-text";
import { securityHub } from "../urls";
import { containerTitle, containersOf } from "./containers";

/** A task definition can be read by everyone who may describe it, in every revision it ever had. */
export const ecsNoPlaintextSecrets = resourcePolicy({
  name: "ecs-no-plaintext-secrets",
  description: "The environment of containers holds no secrets",
  severity: "high",
  level: "mandatory",
  controls: { fsbp: ["ECS.8"], "nist-800-53r5": ["IA-5"], trivy: ["AWS-0036"], "cdk-nag": ["ECS2"] },
  remediation:
    "Name the secret's ARN under secrets instead of its value under environment, and replace the value that stood here.",
  url: securityHub("ECS.8"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(containersOf(task), (container) => {
      report.each(container.at("environment"), (variable) => {
        const name = variable.at("name").text() ?? "";
        const value = variable.at("value").text() ?? "";
        const kind = secretIn(`${name}=${value}`);
        if (kind !== undefined)
          report.violation(`${containerTitle(container)} has ${kind} in its environment, as ${name}`);
        else if (secretNamed(name, value))
          report.violation(`${containerTitle(container)} has a secret in its environment, as ${name}`);
      });
      report.each(["command", "entryPoint"], (key) => {
        report.each(container.at(key), (word) => {
          const kind = secretIn(word.text() ?? "");
          if (kind !== undefined) report.violation(`${containerTitle(container)} has ${kind} in its ${key}`);
        });
      });
    });
  },
});
