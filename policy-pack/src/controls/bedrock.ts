import { resourcePolicy } from "../frame/policy";
import type { Report } from "../frame/report";
import type { Value } from "../frame/value";
import type { ResourceView } from "../frame/view";
import { actionPatterns, eachAllow } from "../iam/allow-statements";
import { limits, PRIVATE_NETWORKS } from "../iam/limits";
import { globMatches, globsOverlap } from "../iam/match";
import { PERMISSION_TYPES } from "../iam/managed";
import type { Statement } from "../iam/statement";

const INVOKING_ACTIONS = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

/** Shows each statement that allows invoking a model to the judge. */
function eachInvocation(resource: ResourceView, report: Report, judge: (statement: Statement) => void): void {
  eachAllow(resource, report, (statement) => {
    if (INVOKING_ACTIONS.some((action) => statement.matchesAction(action) === true)) judge(statement);
  });
}

/** An agent acts on what it reads; a guardrail filters injected instructions. */
export const bedrockAgentGuardrail = resourcePolicy({
  name: "bedrock-agent-guardrail",
  description: "Bedrock agents work behind a guardrail",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SI-10"], aisf: ["AI-01"], checkov: ["CKV_AWS_383"] },
  remediation: "Set guardrailConfigurations with guardrailIdentifier and guardrailVersion.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/agents-guardrail.html",
  types: ["aws:bedrock/agentAgent:AgentAgent"],
  check(agent, report) {
    const guardrails = agent.at("guardrailConfigurations");
    const named = (guardrail: Value): boolean => guardrail.isUnknown || guardrail.at("guardrailIdentifier").isSet;
    report.expect(guardrails, () => guardrails.items().some(named), "guardrailConfigurations names no guardrail");
  },
});

/**
 * A guardrail that does not look for injected instructions lets a web page give the coding agent
 * its orders.
 */
export const bedrockGuardrail = resourcePolicy({
  name: "bedrock-guardrail",
  description: "Guardrails filter prompt attacks and personal data",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SI-10"], aisf: ["AI-01", "AI-02", "AI-03"] },
  remediation:
    "Add a PROMPT_ATTACK filter with inputStrength HIGH, and piiEntitiesConfigs in sensitiveInformationPolicyConfig.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-prompt-attack.html",
  types: ["aws:bedrock/guardrail:Guardrail"],
  check(guardrail, report) {
    report.guard(() => {
      const filters = guardrail.at("contentPolicyConfig.filtersConfigs").items();
      const attack = filters.find((filter) => filter.at("type").text() === "PROMPT_ATTACK");
      if (attack === undefined) report.violation("contentPolicyConfig has no filter of the type PROMPT_ATTACK");
      else report.expect(attack.at("inputStrength"), (strength) => ["MEDIUM", "HIGH"].includes(strength.text() ?? ""));
    });
    report.guard(() => {
      const personal = guardrail.at("sensitiveInformationPolicyConfig");
      const entities = ["piiEntitiesConfigs", "regexesConfigs"].flatMap((key) => personal.at(key).items());
      if (entities.length === 0) report.violation("sensitiveInformationPolicyConfig names no personal data");
    });
  },
});

/**
 * The part of a model's or profile's ARN that says which it is; a wildcard there admits models that
 * nobody has priced.
 */
const MODEL_OR_PROFILE =
  /:(foundation-model|inference-profile|application-inference-profile|custom-model|provisioned-model|imported-model)\/(.+)$/;

/** A new model appears in Bedrock without asking; its price and where it runs are a decision. */
export const bedrockIamModelAllowlist = resourcePolicy({
  name: "bedrock-iam-model-allowlist",
  description: "Permissions to invoke models name the models",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], aisf: ["IAM-02"], "cdk-nag": ["IAM5"] },
  remediation:
    "Name foundation models and inference profiles by their ids. Application profiles, whose ids are random, may be chosen by a condition on aws:ResourceTag.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/security_iam_id-based-policy-examples.html",
  types: PERMISSION_TYPES,
  config: {
    models: {
      type: "array",
      items: { type: "string" },
      description: "Patterns of the model and profile ids that are accepted; none means any that is named",
      default: [],
    },
  },
  check(resource, report, config) {
    const accepted = config
      .at("models")
      .items()
      .map((pattern) => pattern.text() ?? "");
    eachInvocation(resource, report, (statement) => {
      const byTag = statement
        .conditions()
        .some(
          ({ key, operator, ifExists }) =>
            key.startsWith("aws:resourcetag/") &&
            operator.startsWith("string") &&
            !operator.includes("not") &&
            !ifExists,
        );
      const resources = statement.resources;
      if (resources === "unknown") {
        report.undeterminable(statement.member("Resource"));
        return;
      }
      for (const pattern of resources) {
        const [, kind, id = ""] = MODEL_OR_PROFILE.exec(pattern) ?? [];
        if (kind === "application-inference-profile" && byTag) continue;
        if (kind === undefined ? pattern.includes("*") : /^[*?]/.test(id) || /^[^.]*\.?\*$/.test(id)) {
          report.violation(`${statement.value.path} allows every model that ${pattern} matches`);
        } else if (
          kind !== "application-inference-profile" &&
          accepted.length > 0 &&
          !accepted.some((model) => globMatches(model, id))
        ) {
          report.violation(`${statement.value.path} allows ${id}, which is not among the accepted models`);
        }
      }
    });
  },
});

/**
 * Who asked which model, when, with how many tokens: without it an incident cannot be
 * reconstructed. One setting per account and region.
 */
export const bedrockInvocationLogging = resourcePolicy({
  name: "bedrock-invocation-logging",
  description: "Bedrock's invocation log goes to a place of the company's own",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AU-2"], aisf: ["AI-05"] },
  remediation: "Set loggingConfig.cloudwatchConfig with an encrypted log group, or s3Config with an encrypted bucket.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html",
  types: ["aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration"],
  check(configuration, report) {
    const targets = ["cloudwatchConfig.logGroupName", "s3Config.bucketName"].map((path) =>
      configuration.at(`loggingConfig.${path}`),
    );
    if (!targets.some((target) => target.isUnknown || Boolean(target.text())))
      report.violation("loggingConfig names neither a log group nor a bucket");
  },
});

/** A network condition makes leaked credentials of the gateway useless outside its network. */
export const bedrockInvokeThroughEndpoint = resourcePolicy({
  name: "bedrock-invoke-through-endpoint",
  description: "Models can be invoked from the company's network only",
  severity: "medium",
  level: "advisory",
  controls: { "nist-800-53r5": ["AC-4", "SC-7"], aisf: ["INFRA-01"] },
  remediation: "Add a condition on aws:SourceVpce or aws:SourceVpc to the statement.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-interface-endpoints.html",
  types: PERMISSION_TYPES,
  check(resource, report) {
    eachInvocation(resource, report, (statement) => {
      const inside = statement.conditions().some((condition) => limits(condition, PRIVATE_NETWORKS));
      if (!inside) report.violation(`${statement.value.path} allows invoking models from anywhere`);
    });
  },
});

const DELIVERY_FLAGS = [
  "textDataDeliveryEnabled",
  "imageDataDeliveryEnabled",
  "embeddingDataDeliveryEnabled",
  "videoDataDeliveryEnabled",
] as const;

/**
 * An omitted flag means true: the log then keeps every prompt and answer of every department,
 * whatever they agreed to.
 */
export const bedrockLoggingNoText = resourcePolicy({
  name: "bedrock-logging-no-text",
  description: "Bedrock's invocation log keeps no prompts and answers",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SI-12"], aisf: ["AI-05"] },
  remediation: `Set ${DELIVERY_FLAGS.join(", ")} to false, each by name. Departments that keep text do so in Langfuse.`,
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html",
  types: ["aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration"],
  check(configuration, report) {
    for (const flag of DELIVERY_FLAGS)
      report.expect(configuration.at(`loggingConfig.${flag}`), (delivered) => delivered.flag() === false);
  },
});

/**
 * Calls by bedrock-mantle stand neither under a Deny of bedrock actions nor in Bedrock's invocation
 * log.
 */
export const bedrockNoMantle = resourcePolicy({
  name: "bedrock-no-mantle",
  description: "No policy allows calls through bedrock-mantle, Bedrock's second endpoint",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6", "AU-2"], aisf: ["IAM-02"] },
  remediation: "Remove the bedrock-mantle actions; call models by bedrock:InvokeModel.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html",
  types: PERMISSION_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      const open = actionPatterns(statement).filter((action) => globsOverlap(action.toLowerCase(), "bedrock-mantle:*"));
      if (open.length > 0) report.violation(`${statement.value.path} allows ${open.join(", ")}`);
    });
  },
});

/** A subscription is a contract: a person makes it once, at bootstrap. */
export const bedrockNoMarketplace = resourcePolicy({
  name: "bedrock-no-marketplace",
  description: "No program may subscribe to models",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], area: ["cost"] },
  remediation: "Remove aws-marketplace:Subscribe; an administrator accepts a model's offer once per account.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html",
  types: PERMISSION_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      const granted = ["aws-marketplace:Subscribe", "bedrock:CreateFoundationModelAgreement"].filter(
        (action) => statement.matchesAction(action) === true,
      );
      if (granted.length > 0) report.violation(`${statement.value.path} allows ${granted.join(", ")}`);
    });
  },
});

/**
 * A workspace or a function that calls Bedrock itself escapes keys, budgets, limits and the log of
 * the gateway.
 */
export const bedrockOnlyGatewayInvokes = resourcePolicy({
  name: "bedrock-only-gateway-invokes",
  description: "Only the gateway may invoke models",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], aisf: ["IAM-02"] },
  remediation:
    "Call models through the gateway with a virtual key; or add the role's name to this policy's setting invokers, and say why in the review.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/security-iam.html",
  types: PERMISSION_TYPES,
  config: {
    invokers: {
      type: "array",
      items: { type: "string" },
      description:
        "Names, or patterns of them, of the roles and managed policies that may invoke models; by default nobody",
      default: [],
    },
  },
  check(resource, report, config) {
    const invokers = config
      .at("invokers")
      .items()
      .map((pattern) => pattern.text() ?? "");
    if (invokers.some((pattern) => globMatches(pattern, holderOf(resource), true))) return;
    eachInvocation(resource, report, (statement) =>
      report.violation(`${statement.value.path} allows invoking models past the gateway`),
    );
  },
});

/** The role that a policy is for, else its own name; its name in the program where neither is known. */
function holderOf(resource: ResourceView): string {
  const named = resource.at(resource.at("role").isSet ? "role" : "name");
  return (named.isUnknown ? undefined : named.text()) ?? resource.name;
}

/**
 * Bedrock bills an inference profile under its tags; without them the department's budget does not
 * count its use.
 */
export const bedrockProfileTagged = resourcePolicy({
  name: "bedrock-profile-tagged",
  description: "Application inference profiles name the department that pays",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["CM-8"], area: ["cost"] },
  remediation: "Set the tags that this policy's setting tags names, on the profile itself.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/cost-mgmt-application-inference-profiles.html",
  types: ["aws:bedrock/inferenceProfile:InferenceProfile"],
  config: {
    tags: {
      type: "array",
      items: { type: "string" },
      description: "The tags that each profile has",
      default: ["Department"],
    },
  },
  check(profile, report, config) {
    for (const tag of config.at("tags").items()) {
      const key = tag.text() ?? "";
      report.guard(() => {
        const known = new Map([...profile.provider.at("defaultTags.tags").entries(), ...profile.at("tags").entries()]);
        const value = known.get(key);
        if (value === undefined || (!value.isUnknown && !value.text())) report.violation(`the tag ${key} is not set`);
      });
    }
  },
});
