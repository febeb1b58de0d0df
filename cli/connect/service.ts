/** What answers behind a forwarded port. */
export interface Service {
  /** For messages. */
  readonly name: string;
  /** Session document that forwards to it. */
  readonly document: "code-server" | "langfuse";
  /** Where it says that it is there. */
  readonly healthPath: string;
  /** Whether an answer from there is its own. */
  readonly isOwn: (answer: string) => boolean;
  /** Why it may not answer although the tunnel is open. */
  readonly late: string;
}

/** code-server answers `{"status":"alive"}`, or `expired` while no browser is open. */
export const codeServer: Service = {
  name: "code-server",
  document: "code-server",
  healthPath: "/healthz",
  isOwn: (answer) => /"status"\s*:\s*"(alive|expired)"/.test(answer),
  late: "the workspace may still be setting itself up",
};

/** Langfuse answers `{"status":"OK","version":"4.9.0"}`. */
export const langfuse: Service = {
  name: "Langfuse",
  document: "langfuse",
  healthPath: "/api/public/health",
  isOwn: (answer) => /"status"\s*:\s*"OK"/.test(answer),
  late: "Langfuse or its access node may just be starting",
};
