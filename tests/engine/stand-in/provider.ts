/**
 * A stand-in for the AWS and random providers: the ResourceProvider service over the same pure functions as the offline preview
 * (offline/checked.ts, offline/physical.ts). It runs in the engine's place for a provider: one process for each provider resource.
 * Its account is a folder (CLINE_ENGINE_CLOUD); a drill (CLINE_ENGINE_DRILL, JSON) makes creations slow or fail.
 */
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { setTimeout as wait } from "node:timers/promises";
import { checked, suffixOf, type ProviderScope } from "../../../offline/checked";
import { answer } from "../../../offline/invokes";
import { physical, planned } from "../../../offline/physical";
import { typeOf } from "../../../offline/urn";
import { reveal, UNKNOWN, type RawProps } from "../../../offline/values";
import { loadAcceptance } from "./acceptance";
import { construct } from "./awsx";
import { Cloud, type Drill } from "./cloud";
import { changedPaths } from "./diff";
import { handler, serve } from "./serve";

const [name = "", version = ""] = [process.env["CLINE_ENGINE_PLUGIN"], process.env["CLINE_ENGINE_PLUGIN_VERSION"]];
const cloud = new Cloud(process.env["CLINE_ENGINE_CLOUD"] ?? "");
const drill = JSON.parse(process.env["CLINE_ENGINE_DRILL"] ?? "{}") as Drill;
const acceptance = loadAcceptance(process.env["CLINE_ENGINE_SHARED"] ?? "");

let scope: ProviderScope = { region: "us-east-1", accountId: "111122223333" };

const props = (struct: Struct | undefined): RawProps => struct?.toJavaScript() ?? {};
const struct = (values: RawProps): Struct => Struct.fromJavaScript(values);

/** The engine is told that this provider takes no secrets, so it marks them itself: by input, and by what the SDK lists. */
const plain = (values: RawProps): RawProps =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, reveal(value) ?? null]));

/** Types whose `arn` is an input that names something else. */
const arnOfAnother = new Set(["aws:cloudwatch/eventTarget:EventTarget"]);

/** What there is one of in the account: the ARN, else the id. */
const keyOf = (urn: string, id: string, outputs: RawProps): string => {
  const arn = arnOfAnother.has(typeOf(urn)) ? undefined : outputs["arn"];
  return typeof arn === "string" && arn !== "" ? arn : id;
};

function configure(request: provider.ConfigureRequest): provider.ConfigureResponse {
  const args = props(request.getArgs());
  const accounts = JSON.parse(
    typeof args["allowedAccountIds"] === "string" ? args["allowedAccountIds"] : "[]",
  ) as string[];
  const region = args["region"];
  scope = {
    region: typeof region === "string" && region !== UNKNOWN ? region : scope.region,
    accountId: accounts[0] ?? scope.accountId,
  };
  const response = new provider.ConfigureResponse();
  response.setSupportspreview(true);
  // The engine demands it of providers with components; awsx has nothing else.
  response.setAcceptsecrets(name === "awsx");
  return response;
}

async function check(request: provider.CheckRequest): Promise<provider.CheckResponse> {
  const urn = request.getUrn();
  const old = request.hasOlds() ? props(request.getOlds()) : undefined;
  const inputs = checked(urn, props(request.getNews()), scope, old);
  cloud.log({ rpc: "check", urn, preview: false });
  const response = new provider.CheckResponse();
  response.setInputs(struct(inputs));
  for (const { property, reason } of (await acceptance)?.refusals(typeOf(urn), inputs) ?? []) {
    const failure = new provider.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    response.addFailures(failure);
  }
  return response;
}

async function diff(request: provider.DiffRequest): Promise<provider.DiffResponse> {
  const urn = request.getUrn();
  const after = props(request.getNews());
  const changed = changedPaths(props(request.getOldInputs()), after);
  const rules = await acceptance;
  const replaces = changed.filter((path) => name === "random" || rules?.replaces(typeOf(urn), path) === true);
  cloud.log({ rpc: "diff", urn, preview: false, replaces });
  const top = (paths: readonly string[]): string[] => [...new Set(paths.map((path) => path.split(/[.[]/)[0] ?? path))];
  const response = new provider.DiffResponse();
  response.setChanges(
    changed.length > 0 ? provider.DiffResponse.DiffChanges.DIFF_SOME : provider.DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDiffsList(top(changed));
  response.setReplacesList(top(replaces));
  // A name of the program's own cannot be taken twice: the bridge deletes first.
  const given = after["name"];
  response.setDeletebeforereplace(replaces.length > 0 && typeof given === "string" && !given.includes(suffixOf(urn)));
  return response;
}

async function create(request: provider.CreateRequest): Promise<provider.CreateResponse> {
  const urn = request.getUrn();
  const inputs = props(request.getProperties());
  const response = new provider.CreateResponse();
  if (request.getPreview()) {
    response.setProperties(struct(planned(urn, inputs)));
    return response;
  }
  cloud.log({ rpc: "create", urn, preview: false });
  await wait(drill.delayMs ?? 0);
  if (drill.failCreate !== undefined && new RegExp(drill.failCreate).test(urn))
    throw new Error("InsufficientCapacity: the drill lets this creation fail");
  const made = physical(urn, inputs, scope);
  const outputs = plain(made.outputs);
  cloud.create(typeOf(urn), keyOf(urn, made.id, outputs), urn);
  response.setId(made.id);
  response.setProperties(struct(outputs));
  return response;
}

/** What exists is as it was made; what is gone has no id. */
function read(request: provider.ReadRequest): provider.ReadResponse {
  const urn = request.getUrn();
  const state = props(request.getProperties());
  cloud.log({ rpc: "read", urn, preview: false });
  const response = new provider.ReadResponse();
  if (cloud.find(typeOf(urn), keyOf(urn, request.getId(), state)) === undefined) return response;
  response.setId(request.getId());
  response.setProperties(request.getProperties());
  response.setInputs(request.getInputs());
  return response;
}

function update(request: provider.UpdateRequest): provider.UpdateResponse {
  const urn = request.getUrn();
  const inputs = props(request.getNews());
  const preview = request.getPreview();
  const response = new provider.UpdateResponse();
  cloud.log({ rpc: "update", urn, preview });
  // An update keeps what AWS drew at creation, so a preview knows it.
  const outputs: RawProps = preview
    ? { ...props(request.getOlds()), ...planned(urn, inputs) }
    : plain(physical(urn, inputs, scope).outputs);
  response.setProperties(struct(outputs));
  return response;
}

function remove(request: provider.DeleteRequest): Empty {
  const urn = request.getUrn();
  cloud.log({ rpc: "delete", urn, preview: false });
  cloud.delete(typeOf(urn), keyOf(urn, request.getId(), props(request.getProperties())));
  return new Empty();
}

function invoke(request: provider.InvokeRequest): provider.InvokeResponse {
  cloud.log({ rpc: "invoke", urn: request.getTok(), preview: request.getPreview() });
  const response = new provider.InvokeResponse();
  response.setReturn(struct(answer(request.getTok(), scope)));
  return response;
}

/** A provider's own configuration: taken as it is, never a reason to replace it. */
function checkConfig(request: provider.CheckRequest): provider.CheckResponse {
  const response = new provider.CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

function pluginInfo(): PluginInfo {
  const info = new PluginInfo();
  info.setVersion(version);
  return info;
}

const methods: UntypedServiceImplementation = {
  getPluginInfo: handler(pluginInfo),
  checkConfig: handler(checkConfig),
  diffConfig: handler(() => new provider.DiffResponse()),
  configure: handler(configure),
  check: handler(check),
  diff: handler(diff),
  create: handler(create),
  read: handler(read),
  update: handler(update),
  delete: handler(remove),
  invoke: handler(invoke),
  construct: handler((request: provider.ConstructRequest) => construct(request, cloud)),
  cancel: handler(() => new Empty()),
};

serve((server) => server.addService(ResourceProviderService, methods));
