import { get } from "node:http";
import { connect, createServer } from "node:net";
import type { Service } from "./service";

/**
 * Whether the service answers through a port of this machine. An open port says nothing: the plugin
 * listens before the other end is reached.
 * @param ms the longest answer
 */
export function isHealthy({ healthPath: path, isOwn }: Service, port: number, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(ms);
    const request = get({ host: "127.0.0.1", port, path, agent: false, signal }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text = `${text}${part}`.slice(0, 1000);
      });
      answer.once("end", () => resolve(answer.statusCode === 200 && isOwn(text)));
      answer.once("error", () => resolve(false));
    });
    request.once("error", () => resolve(false));
  });
}

/** Whether any program takes connections at a port of the loopback. Keeps nobody from binding it. */
export function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** A free port of the loopback; the given one where it is free, undefined where it is not. */
export function freePort(port = 0): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}
