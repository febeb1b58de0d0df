import { resourcePolicy } from "../frame/policy";
import { Undeterminable, type Value } from "../frame/value";
import type { ResourceView } from "../frame/view";
import { set } from "../shared/remedy";
import { secretIn, secretInScript, secretNamed } from "../shared/secret-text";
import { securityHub } from "../shared/security-hub";

/**
 * The containers of a task definition, whose definitions are one JSON text. Throws when it is
 * unknown: in the engine's preview one unknown value makes the whole text so, while the offline
 * preview keeps the rest.
 */
function containersOf(task: ResourceView): Value[] {
  const definitions = task.at("containerDefinitions");
  if (definitions.isUnknown)
    throw new Undeterminable(
      definitions.path,
      "is not known to the engine before its secrets exist; npm run preview judges what is known of it, and with " +
        "--as-deployed all of it",
    );
  return definitions.document().items();
}

/** A container's name in messages. */
function containerTitle(container: Value): string {
  const name = container.at("name");
  return name.isUnknown ? container.path : `container ${name.text() ?? container.path}`;
}

/** The numbers per task that tell a leak from a busy day; they are billed as custom metrics. */
export const ecsContainerInsights = resourcePolicy({
  name: "ecs-container-insights",
  description: "Clusters report the metrics of their tasks",
  severity: "low",
  level: "advisory",
  controls: {
    fsbp: ["ECS.12"],
    "nist-800-53r5": ["CA-7"],
    checkov: ["CKV_AWS_65"],
    trivy: ["AWS-0034"],
    "cdk-nag": ["ECS4"],
  },
  remediation: "Add the setting containerInsights with the value enabled or enhanced.",
  url: securityHub("ECS.12"),
  types: ["aws:ecs/cluster:Cluster"],
  check(cluster, report) {
    const on = cluster
      .at("settings")
      .items()
      .some(
        (setting) =>
          setting.at("name").text() === "containerInsights" &&
          ["enabled", "enhanced"].includes(setting.at("value").text() ?? ""),
      );
    if (!on) report.violation("the setting containerInsights is not on");
  },
});

/** NFS is neither encrypted nor authenticated. */
export const ecsEfsTransit = resourcePolicy({
  name: "ecs-efs-transit",
  description: "Tasks reach EFS volumes through TLS",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SC-8"], checkov: ["CKV_AWS_97"] },
  remediation: 'Set efsVolumeConfiguration.transitEncryption to "ENABLED".',
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html",
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(task.at("volumes"), (volume) => {
      const efs = volume.at("efsVolumeConfiguration");
      if (efs.isSet) report.expect(efs.at("transitEncryption"), (encryption) => encryption.text() === "ENABLED");
    });
  },
});

/** The session and its log hold whatever was typed and shown, secrets included. */
export const ecsExecEncrypted = resourcePolicy({
  name: "ecs-exec-encrypted",
  description: "ECS Exec is encrypted with a customer-managed key, in transit and in its logs",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SC-13"], checkov: ["CKV_AWS_224"] },
  remediation:
    "Set kmsKeyId in executeCommandConfiguration, and cloudWatchEncryptionEnabled or s3BucketEncryptionEnabled in its logConfiguration.",
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html#ecs-exec-logging",
  types: ["aws:ecs/cluster:Cluster"],
  check(cluster, report) {
    const exec = cluster.at("configuration.executeCommandConfiguration");
    if (exec.isAbsent) report.notApplicable("ECS Exec is not configured");
    const key = exec.at("kmsKeyId");
    report.expect(key, () => key.isUnknown || Boolean(key.text()));
    report.guard(() => {
      const logs = exec.at("logConfiguration");
      const encrypted = ["cloudWatchEncryptionEnabled", "s3BucketEncryptionEnabled"].some(
        (flag) => logs.at(flag).flag() === true,
      );
      if (!encrypted) report.violation("logConfiguration encrypts neither CloudWatch nor S3");
    });
  },
});

/** A session of ECS Exec must leave a log. */
export const ecsExecLogged = resourcePolicy({
  name: "ecs-exec-logged",
  description: "Clusters log what is done through ECS Exec",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-17", "AU-14"], checkov: ["CKV_AWS_223"] },
  remediation:
    'Set configuration.executeCommandConfiguration.logging to "OVERRIDE" with a logConfiguration, and never to "NONE".',
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html#ecs-exec-logging",
  types: ["aws:ecs/cluster:Cluster"],
  check(cluster, report) {
    report.expect(
      cluster.at("configuration.executeCommandConfiguration.logging"),
      (logging) => logging.text() !== "NONE",
    );
  },
});

/**
 * ECS Exec opens a shell in a container of the gateway, past Session Manager's MFA and documents.
 */
export const ecsExecOff = resourcePolicy({
  name: "ecs-exec-off",
  description: "Nobody can open a shell in a service's containers",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-17"] },
  remediation: "Remove enableExecuteCommand. Where a fault demands it, switch it on with an exemption that ends soon.",
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
  types: ["aws:ecs/service:Service"],
  check(service, report) {
    report.expect(service.at("enableExecuteCommand"), (enabled) => enabled.flag() !== true);
  },
  remediate(inputs) {
    return "enableExecuteCommand" in inputs && set(inputs, { enableExecuteCommand: false });
  },
});

/** Security fixes of the platform reach only services that ask for the latest. */
export const ecsFargatePlatform = resourcePolicy({
  name: "ecs-fargate-platform",
  description: "Fargate services run on the latest platform version",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["ECS.10"], "nist-800-53r5": ["SI-2"], checkov: ["CKV_AWS_332"] },
  remediation: "Leave platformVersion out, or set it to LATEST.",
  url: securityHub("ECS.10"),
  types: ["aws:ecs/service:Service"],
  check(service, report) {
    const version = service.at("platformVersion");
    report.expect(version, () => version.isAbsent || version.text() === "LATEST");
  },
  remediate(inputs) {
    return "platformVersion" in inputs && set(inputs, { platformVersion: "LATEST" });
  },
});

/**
 * A tag can be moved to another image between review and start; a digest cannot. Docker Hub is out
 * of a private VPC's reach anyway.
 */
export const ecsImageDigest = resourcePolicy({
  name: "ecs-image-digest",
  description: "Containers start from an image in ECR that is named by its digest",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["CM-14", "SR-11"] },
  remediation: "Mirror the image into your own ECR and name it as REPOSITORY@sha256:DIGEST.",
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html",
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(containersOf(task), (container) => {
      const image = container.at("image").text() ?? "";
      const title = containerTitle(container);
      if (!/@sha256:[0-9a-f]{64}$/.test(image))
        report.violation(`${title} names its image without a digest: ${container.at("image").show()}`);
      if (!/^\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com|on\.aws)(?:\.cn)?\//.test(image)) {
        report.violation(`${title} has an image from outside a private ECR: ${container.at("image").show()}`);
      }
    });
  },
});

/** A container without a log driver loses its output when it stops. */
export const ecsLogging = resourcePolicy({
  name: "ecs-logging",
  description: "Every container has a log driver",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["ECS.9"], "nist-800-53r5": ["AU-12"], "cdk-nag": ["ECS7"] },
  remediation: "Set logConfiguration in every container definition, such as awslogs with an encrypted log group.",
  url: securityHub("ECS.9"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(containersOf(task), (container) => {
      const driver = container.at("logConfiguration.logDriver");
      report.expect(
        driver,
        () => driver.isUnknown || Boolean(driver.text()),
        `${containerTitle(container)} has no log driver`,
      );
    });
  },
});

/**
 * In the host's namespaces a container sees and signals every process, and reads the memory that
 * they share.
 */
export const ecsNoHostNamespace = resourcePolicy({
  name: "ecs-no-host-namespace",
  description: "Tasks share no namespace with their host",
  severity: "high",
  level: "mandatory",
  controls: { fsbp: ["ECS.1", "ECS.3", "ECS.17"], "nist-800-53r5": ["AC-6"], checkov: ["CKV_AWS_335"] },
  remediation: 'Leave pidMode and ipcMode out, and set networkMode to "awsvpc".',
  url: securityHub("ECS.3"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    for (const key of ["pidMode", "ipcMode", "networkMode"])
      report.expect(task.at(key), (mode) => mode.text() !== "host");
    report.each(containersOf(task), (container) => {
      for (const key of ["pidMode", "ipcMode"]) {
        report.expect(
          container.at(key),
          (mode) => mode.text() !== "host",
          `${containerTitle(container)} asks for the host's ${key}`,
        );
      }
    });
  },
});

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
        const kind = secretIn(`${name}=${value}`) ?? secretInScript(value);
        if (kind !== undefined)
          report.violation(`${containerTitle(container)} has ${kind} in its environment, as ${name}`);
        else if (secretNamed(name, value))
          report.violation(`${containerTitle(container)} has a secret in its environment, as ${name}`);
      });
      report.each(["command", "entryPoint"], (key) => {
        report.each(container.at(key), (word) => {
          const kind = secretInScript(word.text() ?? "");
          if (kind !== undefined) report.violation(`${containerTitle(container)} has ${kind} in its ${key}`);
        });
      });
    });
  },
});

/** A privileged container is root on its host, and everything else on that host is its own. */
export const ecsNoPrivileged = resourcePolicy({
  name: "ecs-no-privileged",
  description: "Containers run without the host's privileges",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["ECS.4"],
    "nist-800-53r5": ["AC-6"],
    checkov: ["CKV_AWS_334"],
    "cdk-nag": ["R5-ECSTaskDefinitionUserForHostMode"],
  },
  remediation: "Remove privileged from the container definition, and ALL or SYS_ADMIN from the capabilities it adds.",
  url: securityHub("ECS.4"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(containersOf(task), (container) => {
      const title = containerTitle(container);
      report.expect(container.at("privileged"), (privileged) => privileged.flag() !== true, `${title} is privileged`);
      report.each(container.at("linuxParameters.capabilities.add"), (capability) => {
        const name = capability.text() ?? "";
        if (["ALL", "SYS_ADMIN"].includes(name)) report.violation(`${title} adds the capability ${name}`);
      });
    });
  },
});

/** A process that breaks out of its container keeps the user it had inside. */
export const ecsNoRootUser = resourcePolicy({
  name: "ecs-no-root-user",
  description: "Containers do not run as root",
  severity: "medium",
  level: "advisory",
  controls: { fsbp: ["ECS.20"], "nist-800-53r5": ["AC-6"] },
  remediation: 'Set user in the container definition to a user of the image other than root, such as "1000".',
  url: securityHub("ECS.20"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(containersOf(task), (container) => {
      const user = container.at("user");
      report.expect(
        user,
        () => !/^(?:root|0)(?::|$)/.test(user.text() ?? ""),
        `${containerTitle(container)} runs as root`,
      );
    });
  },
});

/**
 * A read-only root file system keeps an intruder from changing the program; scratch space is a
 * volume.
 */
export const ecsReadonlyRoot = resourcePolicy({
  name: "ecs-readonly-root",
  description: "Containers cannot write to their root file system",
  severity: "medium",
  level: "advisory",
  controls: { fsbp: ["ECS.5"], "nist-800-53r5": ["CM-7"], checkov: ["CKV_AWS_336"] },
  remediation:
    "Set readonlyRootFilesystem to true in every container definition, and mount a volume where the program writes.",
  url: securityHub("ECS.5"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(containersOf(task), (container) => {
      const message = `${containerTitle(container)} may write to its root file system`;
      report.expect(container.at("readonlyRootFilesystem"), (readonly) => readonly.flag() === true, message);
    });
  },
});

/**
 * The agent's right to fetch every secret at start is not the program's right to fetch them at any
 * time.
 */
export const ecsSeparateRoles = resourcePolicy({
  name: "ecs-separate-roles",
  description: "A task's role is not the role by which ECS starts it",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], checkov: ["CKV_AWS_249"] },
  remediation: "Give taskRoleArn and executionRoleArn a role each.",
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html",
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    const [role, execution] = [task.at("taskRoleArn"), task.at("executionRoleArn")];
    if (role.isAbsent || execution.isAbsent) return;
    // Two unknown ARNs are those of two roles, or of one: only the stack's dependencies would tell,
    // and they usually differ.
    if (role.isUnknown && execution.isUnknown) report.notApplicable("both roles are known only after deployment");
    if (role.text() === execution.text()) report.violation("taskRoleArn and executionRoleArn name the same role");
  },
});
