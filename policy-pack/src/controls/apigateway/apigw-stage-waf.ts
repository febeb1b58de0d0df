import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";
import { securityHub } from "../urls";

const ASSOCIATIONS = [
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:wafregional/webAclAssociation:WebAclAssociation",
];

/** A private API is out of the internet's reach; any other is within everyone's. */
export const apigwStageWaf = stackPolicy({
  name: "apigw-stage-waf",
  description: "Stages of public REST APIs stand behind a web ACL",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["APIGateway.4"], "nist-800-53r5": ["SC-7"], checkov: ["CKV2_AWS_29"] },
  remediation: "Make the API private, or add an aws.wafv2.WebAclAssociation for the stage.",
  url: securityHub("APIGateway.4"),
  types: ["aws:apigateway/stage:Stage"],
  checkStack(stack, report) {
    const apis = stack.ofType("aws:apigateway/restApi:RestApi");
    report.eachResource(stack.ofType("aws:apigateway/stage:Stage"), (stage) => {
      const api = apis.find((candidate) => stack.refers(stage, "restApi", candidate));
      if (api === undefined) return report.notApplicable("the stage's API is not part of the stack");
      const types = api.at("endpointConfiguration.types");
      if (types.items().some((type) => type.text() === "PRIVATE")) report.notApplicable("the API is private");
      demandCompanion(stack, report, stage, ASSOCIATIONS, "resourceArn", "the stage is public and has no web ACL");
    });
  },
});
