import {
  albAccessLogs,
  albDeletionProtection,
  albDesync,
  albDropHeaders,
  albHttpsOnly,
  albNoPlainHttp,
  albTlsPolicy,
  albWaf,
  lbTargetGroupTls,
} from "../../src/controls/lb";
import { resourceCases, stackCases } from "./cases";

resourceCases(albAccessLogs, {
  compliant: { accessLogs: { bucket: "logs", enabled: true } },
  violations: {
    off: { "accessLogs.enabled": false },
    "a bucket alone": { "accessLogs.enabled": undefined },
    none: { accessLogs: undefined },
  },
  accepted: { "a gateway load balancer": { loadBalancerType: "gateway", accessLogs: undefined } },
});

resourceCases(albDeletionProtection, {
  compliant: { enableDeletionProtection: true },
  violations: { off: { enableDeletionProtection: false }, "left out": { enableDeletionProtection: undefined } },
});

resourceCases(albDesync, {
  compliant: { desyncMitigationMode: "strictest" },
  violations: { "watching only": { desyncMitigationMode: "monitor" } },
  accepted: { "AWS's default": { desyncMitigationMode: undefined }, defensive: { desyncMitigationMode: "defensive" } },
});

resourceCases(albDesync, {
  type: "aws:elb/loadBalancer:LoadBalancer",
  compliant: { listeners: [] },
  violations: { "watching only": { desyncMitigationMode: "monitor" } },
});

resourceCases(albDropHeaders, {
  compliant: { dropInvalidHeaderFields: true },
  violations: { off: { dropInvalidHeaderFields: false }, "left out": { dropInvalidHeaderFields: undefined } },
  accepted: { "a network load balancer": { loadBalancerType: "network", dropInvalidHeaderFields: undefined } },
});

const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
const forward = { type: "forward", targetGroupArn: "group" };
resourceCases(albHttpsOnly, {
  compliant: { loadBalancerArn: "lb", protocol: "HTTP", port: 80, defaultActions: [redirect] },
  violations: {
    "a forward": { defaultActions: [forward] },
    "no action": { defaultActions: [] },
    "a redirect to plain HTTP": { "defaultActions[0].redirect.protocol": "HTTP" },
    "lower case": { protocol: "http", defaultActions: [forward] },
    "a forward beside the redirect": { defaultActions: [redirect, forward] },
  },
  accepted: {
    HTTPS: { protocol: "HTTPS", defaultActions: [forward] },
    "TCP of a network load balancer": { protocol: "TCP", defaultActions: [forward] },
  },
});

const balancer = { type: "aws:lb/loadBalancer:LoadBalancer", name: "gateway" };
const listener = {
  type: "aws:lb/listener:Listener",
  loadBalancerArn: "gateway",
  protocol: "HTTP",
  defaultActions: [redirect],
};
stackCases(albNoPlainHttp, {
  compliant: { balancer, listener },
  violations: {
    "a plain listener": { "listener:defaultActions": [forward] },
    "a listener without a protocol": { "listener:protocol": undefined },
  },
  accepted: {
    "another balancer's plain listener": { "listener:defaultActions": [forward], "listener:loadBalancerArn": "other" },
    "no listener": { listener: undefined },
    "a gateway load balancer's listener": { "listener:protocol": undefined, "balancer:loadBalancerType": "gateway" },
  },
});

resourceCases(albTlsPolicy, {
  compliant: {
    loadBalancerArn: "lb",
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    defaultActions: [forward],
  },
  violations: {
    "no policy": { sslPolicy: undefined },
    "the policy of 2016": { sslPolicy: "ELBSecurityPolicy-2016-08" },
    "TLS 1.1": { sslPolicy: "ELBSecurityPolicy-FS-1-1-2019-08" },
    "TLS 1.0 beside 1.3": { sslPolicy: "ELBSecurityPolicy-TLS13-1-0-2021-06" },
    "TLS of a network load balancer": { protocol: "TLS", sslPolicy: undefined },
  },
  accepted: {
    "TLS 1.3 only": { sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" },
    "TLS 1.2": { sslPolicy: "ELBSecurityPolicy-FS-1-2-Res-2019-08" },
    "a listener without TLS": { protocol: "TCP", sslPolicy: undefined },
  },
});

stackCases(albWaf, {
  compliant: {
    balancer,
    association: { type: "aws:wafv2/webAclAssociation:WebAclAssociation", resourceArn: "gateway", webAclArn: "acl" },
  },
  violations: {
    "no association": { association: undefined },
    "another's association": { "association:resourceArn": "other" },
    "one that says it is public": { association: undefined, "balancer:internal": false },
  },
  accepted: {
    "an internal balancer": { association: undefined, "balancer:internal": true },
    "a network load balancer": { association: undefined, "balancer:loadBalancerType": "network" },
  },
});

stackCases(lbTargetGroupTls, {
  compliant: {
    group: { type: "aws:lb/targetGroup:TargetGroup", name: "group", protocol: "HTTP" },
    listener: {
      type: "aws:lb/listener:Listener",
      loadBalancerArn: "gateway",
      protocol: "HTTPS",
      defaultActions: [forward],
    },
  },
  violations: {
    "no listener": { listener: undefined },
    "a plain listener": { "listener:protocol": "HTTP" },
    "another group's listener": { "listener:defaultActions": [{ type: "forward", targetGroupArn: "other" }] },
  },
  accepted: {
    "a group that speaks TLS": { "group:protocol": "HTTPS", listener: undefined },
    TCP: { "group:protocol": "TCP", listener: undefined },
  },
});
