import { resourcePolicy } from "../../frame/policy";

/** Bedrock bills an inference profile under its tags; without them a department's use is nobody's, and its budget stops nothing. */
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
