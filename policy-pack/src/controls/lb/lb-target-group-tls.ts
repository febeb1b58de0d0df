import { stackPolicy } from "../../frame/policy";
import { Undeterminable } from "../../frame/value";
import type { ResourceView } from "../../frame/view";
import { LISTENERS, TARGET_GROUPS } from "../types";

/** Between the balancer and its targets the request is in the clear, unless the target group speaks TLS too. */
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
        listener.at("protocol").text()?.toUpperCase() === "HTTPS" &&
        stack.refers(listener, "defaultActions[0].targetGroupArn", group);
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
