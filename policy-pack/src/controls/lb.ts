import { resourcePolicy, stackPolicy } from "../frame/policy";
import { Undeterminable } from "../frame/value";
import type { ResourceView } from "../frame/view";
import { demandCompanion } from "../shared/companion";
import { set } from "../shared/remedy";
import { securityHub } from "../shared/security-hub";
import { LISTENERS, LOAD_BALANCERS, TARGET_GROUPS } from "../shared/types";
import { effective } from "../shared/effective";
import { defaultOf, LISTENER_PROTOCOL } from "../data/provider-defaults";

/** Whether a listener only sends its callers on to HTTPS. */
function redirectsToHttps(listener: ResourceView): boolean {
  const actions = listener.at("defaultActions").items();
  return (
    actions.length > 0 &&
    actions.every(
      (action) => action.at("type").text() === "redirect" && action.at("redirect.protocol").text() === "HTTPS",
    )
  );
}

/**
 * The protocol of a listener, with the provider's default: HTTP for an application balancer. Only a
 * gateway balancer has listeners without a port and a protocol; a network balancer's must name it
 * (Elastic Load Balancing API, CreateListener).
 */
function protocolOf(listener: ResourceView): string | undefined {
  const named = listener.at("protocol").text()?.toUpperCase() ?? "";
  if (named !== "") return named;
  return listener.at("port").isSet ? LISTENER_PROTOCOL.value : undefined;
}

/** Who called the gateway, when and from where, kept apart from the gateway itself. */
export const albAccessLogs = resourcePolicy({
  name: "alb-access-logs",
  description: "Load balancers log the requests made to them",
  severity: "medium",
  level: "advisory",
  controls: { fsbp: ["ELB.5"], "nist-800-53r5": ["AU-2"], checkov: ["CKV_AWS_91"], "cdk-nag": ["ELB2"] },
  remediation: "Set accessLogs with enabled true, or deliver the logs to an encrypted log group.",
  url: securityHub("ELB.5"),
  types: LOAD_BALANCERS,
  check(balancer, report) {
    if (effective(balancer, "loadBalancerType").text() === "gateway")
      report.notApplicable("a gateway load balancer has no access logs");
    report.expect(balancer.at("accessLogs.enabled"), (enabled) => enabled.flag() === true);
  },
});

/** Without deletion protection one change of a program can delete the gateway's load balancer. */
export const albDeletionProtection = resourcePolicy({
  name: "alb-deletion-protection",
  description: "Load balancers are protected from deletion",
  severity: "low",
  level: "advisory",
  controls: {
    fsbp: ["ELB.6"],
    "nist-800-53r5": ["CP-10"],
    checkov: ["CKV_AWS_150"],
    "cdk-nag": ["R5-ELBDeletionProtectionEnabled"],
  },
  remediation: "Set enableDeletionProtection to true.",
  url: securityHub("ELB.6"),
  types: LOAD_BALANCERS,
  check(balancer, report) {
    report.expect(balancer.at("enableDeletionProtection"), (protection) => protection.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, { enableDeletionProtection: true });
  },
});

/** Two servers that disagree where a request ends let one caller finish another's. */
export const albDesync = resourcePolicy({
  name: "alb-desync",
  description: "Load balancers do not pass on requests that servers may read differently",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["ELB.12", "ELB.14"], "nist-800-53r5": ["SC-8"], checkov: ["CKV_AWS_328"] },
  remediation: "Leave desyncMitigationMode out, or set it to defensive or strictest.",
  url: securityHub("ELB.12"),
  types: [...LOAD_BALANCERS, "aws:elb/loadBalancer:LoadBalancer"],
  check(balancer, report) {
    const mode = balancer.at("desyncMitigationMode");
    report.expect(mode, () => mode.isAbsent || ["defensive", "strictest"].includes(mode.text() ?? ""));
  },
  remediate(inputs) {
    return inputs["desyncMitigationMode"] === "monitor" && set(inputs, { desyncMitigationMode: "defensive" });
  },
});

/** Headers that break the standard carry one request inside another past the balancer. */
export const albDropHeaders = resourcePolicy({
  name: "alb-drop-headers",
  description: "Application load balancers drop invalid headers",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["ELB.4"], "nist-800-53r5": ["SC-8"], checkov: ["CKV_AWS_131"], trivy: ["AWS-0052"] },
  remediation: "Set dropInvalidHeaderFields to true.",
  url: securityHub("ELB.4"),
  types: LOAD_BALANCERS,
  check(balancer, report) {
    const kind = effective(balancer, "loadBalancerType").text() ?? "";
    if (kind !== "application") report.notApplicable(`a ${kind} load balancer reads no headers`);
    report.expect(balancer.at("dropInvalidHeaderFields"), (drop) => drop.flag() === true);
  },
  remediate(inputs) {
    return (
      (inputs["loadBalancerType"] ?? defaultOf(LOAD_BALANCERS[0] ?? "", "loadBalancerType")) === "application" &&
      set(inputs, { dropInvalidHeaderFields: true })
    );
  },
});

/** A virtual key sent over plain HTTP can be read on the network. */
export const albHttpsOnly = resourcePolicy({
  name: "alb-https-only",
  description: "Listeners speak HTTPS or TLS, or send their callers to it",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["ELB.1", "ELB.18"],
    "nist-800-53r5": ["SC-8"],
    checkov: ["CKV_AWS_2", "CKV_AWS_103"],
    trivy: ["AWS-0054"],
    "cdk-nag": ["R5-ALBHttpToHttpsRedirection"],
  },
  remediation: "Set protocol to HTTPS with a certificateArn, or let the default action redirect to HTTPS.",
  url: securityHub("ELB.18"),
  types: LISTENERS,
  check(listener, report) {
    const protocol = protocolOf(listener);
    if (protocol === "HTTP" && !redirectsToHttps(listener))
      report.violation("protocol is HTTP and the default action does not redirect to HTTPS");
  },
});

/**
 * The same as alb-https-only, seen from the balancer: one open listener among several is enough to
 * leak.
 */
export const albNoPlainHttp = stackPolicy({
  name: "alb-no-plain-http",
  description: "No listener of a load balancer serves plain HTTP",
  severity: "high",
  level: "advisory",
  controls: { fsbp: ["ELB.1"], "nist-800-53r5": ["SC-8"], checkov: ["CKV2_AWS_20", "CKV_AWS_103"] },
  remediation: "Let each HTTP listener of the balancer redirect to HTTPS, or remove it.",
  url: securityHub("ELB.1"),
  types: LOAD_BALANCERS,
  checkStack(stack, report) {
    const listeners = stack.ofType(...LISTENERS);
    report.eachResource(stack.ofType(...LOAD_BALANCERS), (balancer) => {
      report.each(listeners, (listener) => {
        const protocol = protocolOf(listener);
        const isPlain = protocol === "HTTP" && !redirectsToHttps(listener);
        // Only a gateway load balancer has listeners without a protocol.
        const isOpen = protocol === undefined && effective(balancer, "loadBalancerType").text() !== "gateway";
        if (!isPlain && !isOpen) return;
        if (!stack.refers(listener, "loadBalancerArn", balancer)) return;
        report.violation(`its listener ${listener.name} ${isPlain ? "serves plain HTTP" : "names no protocol"}`);
      });
    });
  },
});

const ACCEPTED_TLS_POLICIES = /^ELBSecurityPolicy-(?:TLS13-1-[23]|FS-1-2|TLS-1-2)-/;

/** TLS 1.0 and 1.1 are broken and withdrawn (RFC 8996); without a policy AWS still admits them. */
export const albTlsPolicy = resourcePolicy({
  name: "alb-tls-policy",
  description: "Listeners accept TLS 1.2 and later only",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["ELB.17"],
    "nist-800-53r5": ["SC-8"],
    checkov: ["CKV_AWS_103", "CKV2_AWS_74"],
    trivy: ["AWS-0047"],
    "cdk-nag": ["R5-ELBv2ACMCertificateRequired"],
  },
  remediation: 'Set sslPolicy to "ELBSecurityPolicy-TLS13-1-2-Res-2021-06".',
  url: securityHub("ELB.17"),
  types: LISTENERS,
  check(listener, report) {
    const protocol = protocolOf(listener);
    if (protocol !== "HTTPS" && protocol !== "TLS") report.notApplicable("the listener does not speak TLS");
    report.expect(listener.at("sslPolicy"), (policy) => ACCEPTED_TLS_POLICIES.test(policy.text() ?? ""));
  },
  remediate(inputs) {
    const speaksTls = ["HTTPS", "TLS"].includes(String(inputs["protocol"]));
    if (!speaksTls || ACCEPTED_TLS_POLICIES.test(String(inputs["sslPolicy"]))) return false;
    return set(inputs, { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" });
  },
});

const ASSOCIATIONS = [
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:wafregional/webAclAssociation:WebAclAssociation",
];

/** Load balancers are internal; one that faces the internet by exemption needs a web ACL. */
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
      if (effective(balancer, "loadBalancerType").text() !== "application")
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

/**
 * Between the balancer and its targets the request is unencrypted, unless the target group speaks
 * TLS too.
 */
export const lbTargetGroupTls = stackPolicy({
  name: "lb-target-group-tls",
  description: "Target groups of plain HTTP stand behind a listener that speaks TLS",
  severity: "medium",
  level: "advisory",
  controls: { "nist-800-53r5": ["SC-8"], checkov: ["CKV_AWS_378"] },
  remediation: "Set the target group's protocol to HTTPS, or let only HTTPS listeners forward to it.",
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html",
  types: TARGET_GROUPS,
  checkStack(stack, report) {
    report.eachResource(stack.ofType(...TARGET_GROUPS), (group) => {
      if (group.at("protocol").text()?.toUpperCase() !== "HTTP") return;
      const missing = "the group speaks HTTP and no HTTPS listener of the stack forwards to it";
      const forwards = (listener: ResourceView): boolean =>
        protocolOf(listener) === "HTTPS" && stack.refers(listener, "defaultActions[0].targetGroupArn", group);
      let unknown: Undeterminable | undefined;
      for (const listener of stack.ofType(...LISTENERS)) {
        try {
          if (forwards(listener)) return;
        } catch (error) {
          if (!(error instanceof Undeterminable)) throw error;
          unknown ??= error;
        }
      }
      if (unknown) throw unknown;
      report.violation(missing);
    });
  },
});
