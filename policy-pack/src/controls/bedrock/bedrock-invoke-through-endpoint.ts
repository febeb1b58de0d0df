import { resourcePolicy } from "../../frame/policy";
import { IDENTITY_TYPES } from "../../iam/sources";
import { eachInvocation } from "./invoke";

const KEYS = ["aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip"];

/** The gateway's credentials, should they leak, are of no use outside its network. */
export const bedrockInvokeThroughEndpoint = resourcePolicy({
  name: "bedrock-invoke-through-endpoint",
  description: "Models can be invoked from the company's network only",
  severity: "medium",
  level: "advisory",
  controls: { "nist-800-53r5": ["AC-4", "SC-7"], aisf: ["INFRA-01"] },
  remediation: "Add a condition on aws:SourceVpce or aws:SourceVpc to the statement.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-interface-endpoints.html",
  types: IDENTITY_TYPES,
  check(resource, report) {
    eachInvocation(resource, report, (statement) => {
      const inside = statement
        .conditions()
        .some(({ key, ifExists, set }) => KEYS.includes(key) && !ifExists && set !== "ForAllValues");
      if (!inside) report.violation(`${statement.value.path} allows invoking models from anywhere`);
    });
  },
});
