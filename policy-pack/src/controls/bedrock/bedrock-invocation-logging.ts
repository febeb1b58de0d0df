import { resourcePolicy } from "../../frame/policy";

/** Who asked which model, when, with how many tokens: without it an incident cannot be reconstructed. One setting per account and region. */
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
