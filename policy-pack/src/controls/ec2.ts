import { resourcePolicy } from "../frame/policy";
import { attempt } from "../frame/tri";
import { Undeterminable, Value } from "../frame/value";
import type { ResourceView, StackView } from "../frame/view";
import { globMatches } from "../iam/match";
import { set } from "../shared/remedy";
import { secretInScript } from "../shared/secret-text";
import { securityHub } from "../shared/security-hub";

/**
 * Launch configurations can no longer be made in new accounts, and know neither IMDS defaults nor
 * newer instance types.
 */
export const ec2AsgLaunchTemplate = resourcePolicy({
  name: "ec2-asg-launch-template",
  description: "Auto Scaling groups start instances from launch templates",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["AutoScaling.9"], "nist-800-53r5": ["CM-2"], checkov: ["CKV_AWS_315"] },
  remediation: "Replace launchConfiguration by launchTemplate or mixedInstancesPolicy.",
  url: securityHub("AutoScaling.9"),
  types: ["aws:autoscaling/group:Group"],
  check(group, report) {
    const templates = ["launchTemplate", "mixedInstancesPolicy"].map((key) => group.at(key));
    if (!templates.some((template) => template.isSet))
      report.violation("neither launchTemplate nor mixedInstancesPolicy is set");
  },
});

/**
 * One-minute metrics cost about $2 a month per instance; five-minute ones are free, so this only
 * advises.
 */
export const ec2DetailedMonitoring = resourcePolicy({
  name: "ec2-detailed-monitoring",
  description: "Instances send metrics every minute",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["CA-7"], checkov: ["CKV_AWS_126"], "cdk-nag": ["EC28"] },
  remediation: "Set monitoring to true where five minutes are too long to notice a fault.",
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html",
  types: [
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
  ],
  check(machine, report) {
    const isTemplate = machine.type.endsWith(":LaunchTemplate");
    const isConfiguration = machine.type.endsWith(":LaunchConfiguration");
    const value = machine.at(isTemplate ? "monitoring.enabled" : isConfiguration ? "enableMonitoring" : "monitoring");
    // A launch configuration monitors in detail unless it says otherwise.
    report.expect(value, () => value.flag() === true || (isConfiguration && value.isAbsent));
  },
  remediate(inputs, type) {
    if (!type.endsWith(":Instance")) return false;
    return set(inputs, { monitoring: true });
  },
});

/**
 * gp3 costs a fifth less than gp2 and io1 at the same size, and its speed does not hang on its
 * size.
 */
export const ec2EbsGp3 = resourcePolicy({
  name: "ec2-ebs-gp3",
  description: "Volumes are of the current general-purpose type",
  severity: "low",
  level: "advisory",
  controls: { area: ["cost"] },
  remediation: 'Set the volume type to "gp3"; it can be changed in place.',
  url: "https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html",
  types: ["aws:ebs/volume:Volume", "aws:ec2/instance:Instance", "aws:ec2/launchTemplate:LaunchTemplate"],
  check(resource, report) {
    const old = (type: Value): boolean => ["gp2", "io1", "standard"].includes(type.text() ?? "");
    const judge = (type: Value): void => report.expect(type, () => !old(type));
    judge(resource.at("type"));
    judge(resource.at("rootBlockDevice.volumeType"));
    report.each(resource.at("ebsBlockDevices"), (device) => judge(device.at("volumeType")));
    report.each(resource.at("blockDeviceMappings"), (mapping) => judge(mapping.at("ebs.volumeType")));
  },
});

/**
 * Each container bridge is a hop: with a limit of 1 no container gets a token of the host's role.
 */
export const ec2ImdsHopLimit = resourcePolicy({
  name: "ec2-imds-hop-limit",
  description: "The answer of the instance metadata service does not travel beyond the instance",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_341"] },
  remediation:
    "Set metadataOptions.httpPutResponseHopLimit to 1, or raise maxHops to 2 where containers need the instance's role.",
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
  types: [
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
  ],
  config: { maxHops: { type: "integer", description: "The highest hop limit that is accepted", default: 1 } },
  check(machine, report, config) {
    const limit = machine.at("metadataOptions.httpPutResponseHopLimit");
    report.expect(limit, () => limit.isAbsent || (limit.number() ?? Infinity) <= (config.at("maxHops").number() ?? 1));
  },
});

const METADATA_TYPES = [
  "aws:ec2/instance:Instance",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
];

/**
 * IMDSv1 answers any request from the instance, so one server-side request forgery hands over the
 * role's credentials.
 */
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
  types: METADATA_TYPES,
  check(machine, report) {
    const options = machine.at("metadataOptions");
    if (isDisabled(options) || inherits(machine)) return;
    report.expect(options.at("httpTokens"), (tokens) => tokens.text() === "required");
  },
  settle(stack, report) {
    const machines = stack.ofType(...METADATA_TYPES).filter((machine) => attempt(() => inherits(machine)) === true);
    report.eachResource(machines, (machine) => {
      if (isDisabled(machine.at("metadataOptions"))) return;
      const tokens = inheritedTokens(stack, machine);
      if (tokens === undefined) report.violation("metadataOptions.httpTokens is not set, and nothing else sets it");
      else
        report.expect(
          tokens,
          (value) => value.text() === "required",
          `what decides is ${tokens.path} ${tokens.show()}`,
        );
    });
  },
  remediate(inputs) {
    const options = inputs["metadataOptions"];
    if (typeof options !== "object" || options === null)
      return set(inputs, { metadataOptions: { httpTokens: "required" } });
    const settings = options as Record<string, unknown>;
    return settings["httpEndpoint"] !== "disabled" && set(settings, { httpTokens: "required" });
  },
});

/**
 * Without an instance profile there is neither Session Manager nor short-lived credentials, and
 * people put long-lived ones on the disk.
 */
export const ec2InstanceProfile = resourcePolicy({
  name: "ec2-instance-profile",
  description: "Instances get their permissions from an instance profile",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["SSM.1"],
    "cis-aws-3.0": ["1.18"],
    "nist-800-53r5": ["AC-3"],
    checkov: ["CKV2_AWS_41"],
    "cdk-nag": ["R5-EC2InstanceProfileAttached"],
  },
  remediation: "Set iamInstanceProfile to an instance profile whose role holds what the instance needs and no more.",
  url: securityHub("SSM.1"),
  types: ["aws:ec2/instance:Instance"],
  check(instance, report) {
    if (instance.at("launchTemplate").isSet && instance.at("iamInstanceProfile").isAbsent) {
      report.notApplicable("its launch template may name the instance profile");
    }
    const profile = instance.at("iamInstanceProfile");
    report.expect(profile, () => profile.isUnknown || (profile.isSet && profile.text() !== ""));
  },
});

function isDisabled(options: Value): boolean {
  return options.at("httpEndpoint").isSet && options.at("httpEndpoint").text() === "disabled";
}

/** Whether the machine says nothing of tokens itself, so that its template or the account does. */
function inherits(machine: ResourceView): boolean {
  const options = machine.at("metadataOptions");
  if (options.at("httpTokens").isSet) return false;
  // A block that leaves the tokens out is taken at its word where no template stands behind it.
  return machine.at("launchTemplate").isSet || options.known() === undefined;
}

/**
 * The setting that decides for a machine: its launch template's, the account's, the image's (EC2
 * user guide, "Order of precedence for instance metadata options"). Throws when it is another
 * stack's.
 */
function inheritedTokens(stack: StackView, machine: ResourceView): Value | undefined {
  const reference = machine.at("launchTemplate");
  if (reference.isSet) {
    const template = stack
      .ofType("aws:ec2/launchTemplate:LaunchTemplate")
      .find((one) => ["id", "name"].some((key) => stack.refers(machine, `launchTemplate.${key}`, one)));
    if (template === undefined) throw new Undeterminable(reference.path, "names a template that is not of this stack");
    const tokens = template.at("metadataOptions.httpTokens");
    if (tokens.isSet) return tokens;
  }
  const account = stack
    .ofType("aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults")
    .map((defaults) => defaults.at("httpTokens"))
    .find((tokens) => tokens.isUnknown || (tokens.isSet && tokens.text() !== "no-preference"));
  if (account !== undefined) return account;
  const image = stack
    .ofType("aws:ec2/ami:Ami")
    .find((one) => attempt(() => stack.refers(machine, "ami", one)) === true);
  return image?.at("imdsSupport").text() === "v2.0" ? Value.of("required", "imdsSupport") : undefined;
}

/** A workspace of the wrong size is the fastest way to spend a month's budget in a day. */
export const ec2InstanceTypeAllowed = resourcePolicy({
  name: "ec2-instance-type-allowed",
  description: "Instances are of the types that the company has agreed to pay for",
  severity: "medium",
  level: "advisory",
  controls: { area: ["cost"] },
  remediation: "Choose a type that matches one of the patterns of this policy's setting allowed, or have one added.",
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-types.html",
  types: [
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
  ],
  config: {
    allowed: {
      type: "array",
      items: { type: "string" },
      description: "Patterns of instance types, * for any run of characters",
      default: [
        "t3.*",
        "t3a.*",
        "t4g.*",
        "m?*.medium",
        "m?*.large",
        "m?*.xlarge",
        "m?*.2xlarge",
        "c?*.large",
        "c?*.xlarge",
        "c?*.2xlarge",
        "r?*.medium",
        "r?*.large",
        "r?*.xlarge",
        "r?*.2xlarge",
      ],
    },
  },
  check(machine, report, config) {
    const type = machine.at("instanceType");
    if (type.isAbsent) report.notApplicable("it names no instance type");
    const allowed = config
      .at("allowed")
      .items()
      .map((pattern) => pattern.text() ?? "");
    report.expect(type, () => allowed.some((pattern) => globMatches(pattern, type.text() ?? "")));
  },
});

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
        const kind = secretInScript(text) ?? secretInScript(Buffer.from(text, "base64").toString("utf8"));
        if (kind !== undefined) report.violation(`${key} holds ${kind}`);
      });
    }
  },
});
