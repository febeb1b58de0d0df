import * as grpc from "@grpc/grpc-js";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { createRequire } from "node:module";
import { remoteChild } from "../../../offline/remote";
import { SIGNATURE, signatures, UNKNOWN, type RawProps } from "../../../offline/values";
import type { Cloud } from "./cloud";

const awsVersion = (createRequire(__filename)("@pulumi/aws/package.json") as { version: string }).version;

/** Makes an awsx component the way awsx does: registers it and, as its child, the one resource that offline/remote.ts says it makes. */
export async function construct(request: provider.ConstructRequest, cloud: Cloud): Promise<provider.ConstructResponse> {
  const monitor = new ResourceMonitorClient(request.getMonitorendpoint(), grpc.credentials.createInsecure());
  const register = (message: resource.RegisterResourceRequest): Promise<resource.RegisterResourceResponse> =>
    new Promise((resolve, reject) => {
      monitor.registerResource(message, (error, response) => {
        if (error) reject(error);
        else resolve(response);
      });
    });
  const inputs = (request.getInputs()?.toJavaScript() ?? {}) as RawProps;
  const child = remoteChild(request.getType(), request.getName(), inputs);

  const component = new resource.RegisterResourceRequest();
  component.setType(request.getType());
  component.setName(request.getName());
  component.setParent(request.getParent());
  component.setObject(new Struct());
  component.setAcceptsecrets(true);
  component.setAcceptresources(true);
  if (request.hasProtect()) component.setProtect(request.getProtect() === true);
  for (const [pkg, reference] of request.getProvidersMap().entries()) component.getProvidersMap().set(pkg, reference);
  const { urn } = (await register(component)).toObject();
  cloud.log({ rpc: "construct", urn, preview: request.getDryrun() });

  const made = new resource.RegisterResourceRequest();
  made.setType(child.type);
  made.setName(request.getName());
  made.setParent(urn);
  made.setCustom(true);
  made.setVersion(awsVersion);
  made.setProvider(request.getProvidersMap().get("aws") ?? "");
  made.setObject(Struct.fromJavaScript(child.inputs));
  made.setAcceptsecrets(true);
  made.setAcceptresources(true);
  const all = new Set<string>();
  for (const [property, dependencies] of request.getInputdependenciesMap().entries()) {
    const list = new resource.RegisterResourceRequest.PropertyDependencies();
    list.setUrnsList(dependencies.getUrnsList());
    made.getPropertydependenciesMap().set(property, list);
    dependencies.getUrnsList().forEach((dependency) => all.add(dependency));
  }
  made.setDependenciesList([...all]);
  const service = await register(made);
  monitor.close();

  const response = new provider.ConstructResponse();
  response.setUrn(urn);
  response.setState(
    Struct.fromJavaScript({
      [child.output]: {
        [SIGNATURE]: signatures.resource,
        urn: service.getUrn(),
        id: service.getId() || UNKNOWN,
      },
    }),
  );
  return response;
}
