import type { ServiceError } from "@grpc/grpc-js";
import * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Monitor } from "./monitor";

/**
 * The SDK's feature queries to a monitor before it starts. Features that need a server on the
 * program's side are not offered.
 */
const features = new Set(["secrets", "resourceReferences", "outputValues", "deletedWith", "replaceWith", "aliasSpecs"]);

type Callback = (error: ServiceError | Error | null, response?: unknown) => void;
type Method = (request: never, callback: Callback) => void;

/**
 * The monitor's methods as plain functions of request and callback: the SDK's in-process client,
 * and the handlers of a gRPC server.
 */
export function methodsOf(monitor: Monitor): Record<string, Method> {
  const answer =
    (handle: (request: never) => unknown): Method =>
    (request, callback) => {
      let response: unknown;
      try {
        response = handle(request);
      } catch (error) {
        const fault = error instanceof Error ? error : new Error(String(error));
        // The SDK shows `details` of a failed function call, `message` of everything else.
        callback(Object.assign(fault, { details: fault.message }));
        return;
      }
      callback(null, response);
    };
  return {
    supportsFeature: answer((request: resourceProto.SupportsFeatureRequest) => {
      const response = new resourceProto.SupportsFeatureResponse();
      response.setHassupport(features.has(request.getId()));
      return response;
    }),
    registerResource: answer((request: resourceProto.RegisterResourceRequest) => monitor.register(request)),
    readResource: answer((request: resourceProto.ReadResourceRequest) => monitor.read(request)),
    invoke: answer((request: resourceProto.ResourceInvokeRequest) => monitor.invoke(request)),
    registerResourceOutputs: answer((request: resourceProto.RegisterResourceOutputsRequest) => {
      monitor.registerOutputs(request);
      return new Empty();
    }),
    signalAndWaitForShutdown: answer(() => new Empty()),
  };
}
