import { resourcePolicy } from "../../frame/policy";

const FLAGS = [
  "textDataDeliveryEnabled",
  "imageDataDeliveryEnabled",
  "embeddingDataDeliveryEnabled",
  "videoDataDeliveryEnabled",
] as const;

/** An omitted flag means true: the log then keeps every prompt and answer of every department, whatever they agreed to. */
export const bedrockLoggingNoText = resourcePolicy({
  name: "bedrock-logging-no-text",
  description: "Bedrock's invocation log keeps no prompts and answers",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SI-12"], aisf: ["AI-05"] },
  remediation: `Set ${FLAGS.join(", ")} to false, each by name. Departments that keep text do so in Langfuse.`,
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html",
  types: ["aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration"],
  check(configuration, report) {
    for (const flag of FLAGS)
      report.expect(configuration.at(`loggingConfig.${flag}`), (delivered) => delivered.flag() === false);
  },
});
