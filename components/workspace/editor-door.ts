/** The editor of a workspace: code-server behind a door that knows its names. */
export const editor = {
  address: "127.0.0.1",
  port: 8080,
  /** Of code-server, in a folder of the developer's alone. */
  socket: "/run/cline-editor/code-server.sock",
} as const;

/**
 * Names by which a page of one's own machine asks through a forward, in HAProxy's words. A page of any other name
 * was resolved to the loopback (DNS rebinding): code-server compares its origin with that same name,
 * and would hand it the terminal.
 */
export const ownNames = "{ req.fhdr(host),lower -m reg ^(127[.]0[.]0[.]1|localhost)(:[0-9]+)?$ }";

/** HAProxy's configuration of the door. @param place where it listens and code-server does; default {@link editor} */
export function planEditorDoor({ port, socket }: { readonly port: number; readonly socket: string } = editor): string {
  const lines = [
    "global",
    "  nbthread 1",
    "  maxconn 400",
    "  log stderr format raw local0 notice",
    "defaults",
    "  mode http",
    "  log global",
    "  option dontlog-normal",
    "  option http-no-delay",
    "  timeout connect 5s",
    "  timeout http-request 30s",
    "  timeout http-keep-alive 60s",
    "  timeout client 300s",
    "  timeout server 300s",
    // The editor's websockets say something each few seconds.
    "  timeout tunnel 1h",
    "frontend door",
    `  bind ${editor.address}:${String(port)}`,
    `  http-request return status 403 content-type text/plain string "open the address that connect prints" unless ${ownNames}`,
    "  default_backend code-server",
    "backend code-server",
    `  server editor unix@${socket}`,
  ];
  return `${lines.join("\n")}\n`;
}
