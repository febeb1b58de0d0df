import { Server, ServerCredentials, type sendUnaryData, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import type { Monitor } from "./monitor";
import { methodsOf } from "./transport";

/** Bytes, enough for a stack's largest message; the engine's own limit. */
export const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** A monitor behind gRPC on a loopback port, as the engine offers it to language hosts. */
export interface ServedMonitor {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  readonly close: () => void;
}

/** Serves the monitor to programs in any language host. */
export async function serveMonitor(monitor: Monitor): Promise<ServedMonitor> {
  const server = new Server({ "grpc.max_receive_message_length": MAX_MESSAGE_BYTES });
  const handlers: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries(methodsOf(monitor)))
    handlers[name] = (call: { readonly request: unknown }, callback: sendUnaryData<unknown>) =>
      method(call.request as never, callback);
  server.addService(ResourceMonitorService, handlers);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
