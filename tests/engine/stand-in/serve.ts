import * as grpc from "@grpc/grpc-js";

/** Serves on a free loopback port and says which on standard output, as the engine expects of its plugins. Ends with the engine, however that ends. */
export function serve(add: (server: grpc.Server) => void, onEnd: () => void = () => undefined): void {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  add(server);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  const end = (): void => {
    onEnd();
    process.exit(0);
  };
  // The engine holds the other end of standard input: when it dies, even by SIGKILL, its plugins know.
  process.stdin.on("end", end).on("error", end).resume();
  process.on("SIGTERM", end);
}

type Message<Q> = grpc.ServerUnaryCall<Q, unknown>;

/** A gRPC handler from a function; what the function throws becomes the call's error. */
export const handler =
  <Q, R>(answer: (request: Q) => R | Promise<R>) =>
  (call: Message<Q>, reply: grpc.sendUnaryData<R>): void => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => reply(null, response),
        (error: unknown) =>
          reply({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) }),
      );
  };
