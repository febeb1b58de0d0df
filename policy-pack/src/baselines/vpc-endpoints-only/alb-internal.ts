import { resourcePolicy } from "../../frame/policy";
import { effective } from "../../shared/effective";

/** AWS makes a load balancer face the internet unless told otherwise. */
export const albInternal = resourcePolicy({
  name: "alb-internal",
  description: "Load balancers are internal",
  severity: "critical",
  level: "mandatory",
  controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["SC-7"], trivy: ["AWS-0053"] },
  remediation: "Set internal to true; the load balancer is replaced.",
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
  types: [
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:alb/loadBalancer:LoadBalancer",
    "aws:elb/loadBalancer:LoadBalancer",
    "awsx:lb:ApplicationLoadBalancer",
    "awsx:lb:NetworkLoadBalancer",
  ],
  check(balancer, report) {
    if (effective(balancer, "loadBalancerType").text() === "gateway")
      report.notApplicable("gateway load balancers have no scheme");
    report.expect(balancer.at("internal"), (internal) => internal.flag() === true);
  },
});
