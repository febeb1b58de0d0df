import { createHash } from "node:crypto";
import { listenerRoutes, type GatewayExtra, type GatewayListener, type GatewayRoute } from "../../config";

/** Ports of a listener, and of the tasks behind it, with TLS. */
export const listenerPorts: Readonly<Record<GatewayListener, { readonly listener: number; readonly task: number }>> = {
  api: { listener: 443, task: 4000 },
  management: { listener: 8443, task: 4001 },
};

/** What a function's plan says of its egress to the gateway, by the noun of the rule. */
export const toApi = { gateway: listenerPorts.api.listener };
export const toManagement = { "gateway-management": listenerPorts.management.listener };

/** A rule that forwards one route. */
export interface ListenerRule extends Pick<GatewayRoute, "method"> {
  /** Identifies the rule: method and path in lower case, e.g. `get-v1-models`. */
  readonly noun: string;
  /** By the route alone, so that a new route moves no other rule: a priority in use cannot be set twice. */
  readonly priority: number;
  /** Pattern of the raw path, matched with case. `*` stands for any characters: the edge admits one segment. */
  readonly pathPattern: string;
}

/** The most that ELB takes. */
const priorities = 50_000;

const nounOf = ({ method, path }: GatewayRoute): string =>
  [method, ...path.split("/").filter((segment) => segment !== "")]
    .map((part) => part.replaceAll(/[{}]/g, "").replaceAll("_", "-").toLowerCase())
    .join("-");

/** Rules of a listener, from the route table. The routes exclude each other, so that their order has no effect. */
export const listenerRules = (listener: GatewayListener, extras: readonly GatewayExtra[]): readonly ListenerRule[] =>
  listenerRoutes(listener, extras).map((route) => {
    const { method, path } = route;
    const hash = createHash("sha256").update(`${method} ${path}`).digest().readUInt32BE();
    return {
      noun: nounOf(route),
      priority: 1 + (hash % priorities),
      method,
      pathPattern: path.replaceAll(/\{\w+\}/g, "*"),
    };
  });

/** What a listener answers by itself to every other request. */
export const noSuchRoute = {
  statusCode: "404",
  contentType: "application/json",
  messageBody: JSON.stringify({
    error: { message: "no such route", type: "invalid_request_error", param: null, code: "404" },
  }),
} as const;
