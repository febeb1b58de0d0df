import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { GatewayExtra, GatewayListener } from "../../config";
import type { NetworkFacts } from "../facts";
import { after } from "../kit";
import { listenerPorts, listenerRules, noSuchRoute } from "./listeners";

/** Seconds that a stopping task may use to finish its answers. */
export const drainSeconds = 600;

/** The target groups' check. Liveness, not readiness: without the database cached keys still work, and tasks taken out could not start again. */
export const healthPath = "/health/liveliness";

/** Arguments of {@link gatewayListener}. */
export interface GatewayListenerArgs {
  readonly listener: GatewayListener;
  /** Routes that the stack file opens. */
  readonly extras: readonly GatewayExtra[];
  readonly balancerArn: pulumi.Input<string>;
  readonly network: Pick<NetworkFacts, "vpcId">;
  readonly certificateArn: pulumi.Input<string>;
  readonly tags: Record<string, string>;
}

/** The tasks behind a listener. */
export interface ListenedTargets {
  readonly arn: pulumi.Output<string>;
  /** The same, after the rules: ECS refuses a target group that no listener forwards to. */
  readonly attachedArn: pulumi.Output<string>;
  /** As CloudWatch's dimensions and Application Auto Scaling spell it. */
  readonly arnSuffix: pulumi.Output<string>;
}

/** A listener that forwards the routes of its callers to the tasks, and answers 404 to everything else. */
export function gatewayListener(
  nouns: { readonly targets: string; readonly listener: string },
  args: GatewayListenerArgs,
  opts: pulumi.CustomResourceOptions,
): ListenedTargets {
  const { balancerArn, certificateArn, tags } = args;
  const targets = targetGroup(nouns.targets, args, opts);
  const listener = new aws.lb.Listener(
    nouns.listener,
    {
      loadBalancerArn: balancerArn,
      port: listenerPorts[args.listener].listener,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn,
      defaultActions: [{ type: "fixed-response", fixedResponse: noSuchRoute }],
      tags,
    },
    opts,
  );
  const rules = listenerRules(args.listener, args.extras).map(
    ({ noun, priority, method, pathPattern }) =>
      new aws.lb.ListenerRule(
        `${nouns.listener}-${noun}`,
        {
          listenerArn: listener.arn,
          priority,
          conditions: [{ httpRequestMethod: { values: [method] } }, { pathPattern: { values: [pathPattern] } }],
          actions: [{ type: "forward", targetGroupArn: targets.arn }],
          tags,
        },
        opts,
      ),
  );
  return { arn: targets.arn, attachedArn: after(targets.arn, rules), arnSuffix: targets.arnSuffix };
}

function targetGroup(
  name: string,
  { listener, network, tags }: GatewayListenerArgs,
  opts: pulumi.CustomResourceOptions,
): aws.lb.TargetGroup {
  return new aws.lb.TargetGroup(
    name,
    {
      // A prefix, not a name: a replacement is made before the listener leaves the group it replaces.
      namePrefix: { api: "gate-", management: "mgmt-" }[listener],
      vpcId: network.vpcId,
      targetType: "ip",
      port: listenerPorts[listener].task,
      protocol: "HTTPS",
      loadBalancingAlgorithmType: "least_outstanding_requests",
      deregistrationDelay: drainSeconds,
      healthCheck: {
        path: healthPath,
        protocol: "HTTPS",
        matcher: "200",
        interval: 15,
        timeout: 10,
        healthyThreshold: 2,
        unhealthyThreshold: 4,
      },
      tags,
    },
    opts,
  );
}
