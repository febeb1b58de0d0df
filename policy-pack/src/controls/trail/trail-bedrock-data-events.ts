import { resourcePolicy } from "../../frame/policy";

/** InvokeModel is a management event and recorded anyway; who used a guardrail, an agent or a flow is a data event and is not. */
export const trailBedrockDataEvents = resourcePolicy({
  name: "trail-bedrock-data-events",
  description: "Trails record the data events of Bedrock",
  severity: "low",
  level: "advisory",
  controls: {
    "cis-aws-3.0": ["3.8", "3.9"],
    "nist-800-53r5": ["AU-12"],
    aisf: ["AI-05"],
    trivy: ["AWS-0171", "AWS-0172"],
  },
  remediation:
    "Add an advancedEventSelector with eventCategory Data and resources.type AWS::Bedrock::Guardrail (or the types that you use).",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/logging-using-cloudtrail.html",
  types: ["aws:cloudtrail/trail:Trail"],
  check(trail, report) {
    const fields = trail
      .at("advancedEventSelectors")
      .items()
      .flatMap((selector) => selector.at("fieldSelectors").items());
    const records = fields.some((field) =>
      ["equals", "startsWith"]
        .flatMap((key) => field.at(key).items())
        .some((value) => value.text()?.startsWith("AWS::Bedrock::") === true),
    );
    if (!records) report.violation("no advancedEventSelector names a type of Bedrock");
  },
});
