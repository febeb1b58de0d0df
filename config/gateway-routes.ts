import type { GatewayExtra } from "./terms";

/** Who sends requests to a route of the gateway. */
export type RouteCaller = "developer" | "functions" | "canary" | "health";

/** Listeners of the gateway's load balancer; each has a port of its own in a task. */
export type GatewayListener = "api" | "management";

/** Callers whose routes a listener forwards. Health is for the target groups' checks, which pass no listener. */
const forwarded: Readonly<Record<GatewayListener, readonly RouteCaller[]>> = {
  api: ["developer"],
  management: ["functions", "canary"],
};

/** A route of the gateway, matched exactly: method and path, no query of a developer. */
export interface GatewayRoute {
  readonly method: "GET" | "POST";
  /** A segment in braces stands for one segment of letters, digits, `.`, `_`, `-`, `~`, `@` and percent-encodings. */
  readonly path: string;
  readonly caller: RouteCaller;
  /** LiteLLM's route whose answer the edge completes or translates; LiteLLM's own on `path` stays closed. */
  readonly answeredFrom?: string;
  /** Answered only where the stack file opens it. */
  readonly extra?: GatewayExtra;
}

const routes = (caller: RouteCaller, method: GatewayRoute["method"], ...paths: readonly string[]): GatewayRoute[] =>
  paths.map((path) => ({ method, path, caller }));

/**
 * Every route that a gateway may answer. The load balancer's rules, the edge in the task, the virtual keys' own lists
 * and the route test read this table; everything else is 404.
 *
 * Developers: chat, in Anthropic's shape and embeddings where opened, and what clients ask first. Functions: LiteLLM's management, with the master key. Canary: whether
 * the database is there. Health: the target groups' check.
 */
const everyRoute: readonly GatewayRoute[] = [
  ...routes("developer", "POST", "/v1/chat/completions"),
  ...routes("developer", "GET", "/v1/models"),
  { method: "GET", path: "/v1/model/info", caller: "developer", answeredFrom: "/v1/models" },
  {
    method: "POST",
    path: "/v1/messages",
    caller: "developer",
    answeredFrom: "/v1/chat/completions",
    extra: "messages",
  },
  { method: "POST", path: "/v1/embeddings", caller: "developer", extra: "embeddings" },
  ...routes("functions", "GET", "/team/info", "/team/list", "/team/daily/activity", "/key/info", "/key/list"),
  ...routes("functions", "POST", "/team/new", "/team/update", "/user/new"),
  ...routes("functions", "POST", "/team/member_add", "/team/member_update", "/team/member_delete"),
  ...routes("functions", "POST", "/team/{team}/member/{user}/reset_spend"),
  ...routes("functions", "POST", "/key/generate", "/key/update", "/key/block", "/key/unblock", "/key/delete"),
  ...routes("canary", "GET", "/health/readiness"),
  ...routes("health", "GET", "/health/liveliness"),
];

/** Routes that a gateway with these extras answers. */
export const gatewayRoutes = (extras: readonly GatewayExtra[]): readonly GatewayRoute[] =>
  everyRoute.filter(({ extra }) => extra === undefined || extras.includes(extra));

/** Routes that a listener of the load balancer forwards. */
export const listenerRoutes = (listener: GatewayListener, extras: readonly GatewayExtra[]): readonly GatewayRoute[] =>
  gatewayRoutes(extras).filter(({ caller }) => forwarded[listener].includes(caller));

/**
 * Routes that the local gateways of workspaces hand on, where the gateway has these extras; its listener decides. They stand in user
 * data, of which a change replaces machines: `messages` is always among them.
 */
export const workspaceRoutes = (extras: readonly GatewayExtra[]): readonly GatewayRoute[] =>
  listenerRoutes("api", [...new Set<GatewayExtra>(["messages", ...extras])]);
