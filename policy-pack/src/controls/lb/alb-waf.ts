import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";
import { LOAD_BALANCERS } from "../types";
import { securityHub } from "../urls";

const ASSOCIATIONS = [
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:wafregional/webAclAssociation:WebAclAssociation",
];

/** Nothing here is meant to face the internet; what does, by exemption, is not to face it bare. */
export const albWaf = stackPolicy({
  name: "alb-waf",
  description: "Application load balancers that face the internet stand behind a web ACL",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["ELB.16"], "nist-800-53r5": ["SC-7"], checkov: ["CKV2_AWS_28"], "cdk-nag": ["R5-ALBWAFEnabled"] },
  remediation: "Set internal to true, or add an aws.wafv2.WebAclAssociation for the balancer.",
  url: securityHub("ELB.16"),
  types: LOAD_BALANCERS,
  checkStack(stack, report) {
    report.eachResource(stack.ofType(...LOAD_BALANCERS), (balancer) => {
      if ((balancer.at("loadBalancerType").text() ?? "application") !== "application")
        report.notApplicable("not an application load balancer");
      if (balancer.at("internal").flag() === true) report.notApplicable("the load balancer is internal");
      demandCompanion(
        stack,
        report,
        balancer,
        ASSOCIATIONS,
        "resourceArn",
        "the balancer faces the internet without a web ACL",
      );
    });
  },
});
