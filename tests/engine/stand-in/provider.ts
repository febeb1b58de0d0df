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
import { checked, providerScope, suffixOf, type ProviderScope } from "../../../offline/checked";
import { answer } from "../../../offline/invokes";
import { physical, planned } from "../../../offline/physical";
import { typeOf } from "../../../offline/urn";
import { isObject, reveal, type Raw, type RawProps } from "../../../offline/values";
import { loadAcceptance } from "./acceptance";
import { construct } from "./awsx";
import { Cloud, type Drill, type Thing } from "./cloud";
import { changedPaths } from "./diff";
import { handler, serve } from "./serve";

const [name = "", version = ""] = [process.env["CLINE_ENGINE_PLUGIN"], process.env["CLINE_ENGINE_PLUGIN_VERSION"]];
const cloud = new Cloud(process.env["CLINE_ENGINE_CLOUD"] ?? "");
const drill = JSON.parse(process.env["CLINE_ENGINE_DRILL"] ?? "{}") as Drill;
/** Account of the caller's credentials; undefined: whatever the provider allows. */
const credentials = process.env["CLINE_ENGINE_ACCOUNT"];
const acceptance = loadAcceptance(process.env["CLINE_ENGINE_SHARED"] ?? "");

let scope: ProviderScope = { region: "us-east-1", accountId: "111122223333" };

const props = (struct: Struct | undefined): RawProps => struct?.toJavaScript() ?? {};
const struct = (values: RawProps): Struct => Struct.fromJavaScript(values);

/** The engine is told that this provider takes no secrets, so it marks them itself: by input, and by what the SDK lists. */
const plain = (values: RawProps): RawProps =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, reveal(value) ?? null]));

/** Types whose `arn` is an input that names something else. */
const arnOfAnother = new Set(["aws:cloudwatch/eventTarget:EventTarget"]);

/** Types whose ARN ends in characters that AWS draws: there is one of each name. */
const oneOfName = new Set([
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/targetGroup:TargetGroup",
  "aws:secretsmanager/secret:Secret",
]);

/** What there is one of in the account: the name, the ARN, or else the id. */
const keyOf = (urn: string, id: string, { name, arn }: RawProps): string => {
  const key = oneOfName.has(typeOf(urn)) ? name : arnOfAnother.has(typeOf(urn)) ? id : arn;
  return typeof key === "string" && key !== "" ? key : id;
};

function configure(request: provider.ConfigureRequest): provider.ConfigureResponse {
  const args = props(request.getArgs());
  scope = providerScope(args, scope);
  const { allowedAccountIds } = args;
  // As the provider does: it asks whose the credentials are, and refuses others than the allowed.
  if (credentials !== undefined && typeof allowedAccountIds === "string" && scope.accountId !== credentials)
    throw new Error(`AWS account ID not allowed: ${credentials}`);
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
  if (drill.failCreate !== undefined && new RegExp(drill.failCreate).test(urn)) {
    const first = new RegExp(drill.failAfter ?? "");
    while (!cloud.all().some((thing) => first.test(thing.urn))) await wait(200);
    throw new Error(drill.failWith ?? "InsufficientCapacity: the drill lets this creation fail");
  }
  const type = typeOf(urn);
  const { life, id, key, outputs } = anew(urn, inputs);
  cloud.create({ type, key, id, urn, ...notedOf(type, inputs) }, life);
  response.setId(id);
  response.setProperties(struct(outputs));
  return response;
}

/** What the account notes of a thing's inputs. */
const notedOf = (type: string, inputs: RawProps): Pick<Thing, "keys" | "inputs"> => ({
  keys: keysIn(inputs),
  ...(importable.has(type) && { inputs }),
});

/** What AWS makes of the inputs: other ids than in an earlier life of the resource, and the same names. */
function anew(urn: string, inputs: RawProps, life = cloud.livesOf(urn)): Made {
  const { id, ...made } = physical(urn, inputs, scope, life);
  const outputs = plain(made.outputs);
  const key = keyOf(urn, id, outputs);
  if (cloud.find(typeOf(urn), key) === undefined) return { life, id, key, outputs };
  const next = physical(urn, inputs, scope, life + 1);
  return keyOf(urn, next.id, plain(next.outputs)) === key ? { life, id, key, outputs } : anew(urn, inputs, life + 1);
}

/** The life that a resource is in. */
const lifeOf = (urn: string): number => Math.max(0, cloud.livesOf(urn) - 1);

interface Made {
  readonly life: number;
  readonly id: string;
  readonly key: string;
  readonly outputs: RawProps;
}

/** Types that a stack imports; none holds a secret. */
const importable = new Set([
  "aws:cloudtrail/trail:Trail",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:s3/bucket:Bucket",
  "aws:ssm/document:Document",
]);

/** ARNs of KMS keys that stand anywhere in the inputs as values of their own. */
function keysIn(value: Raw): string[] {
  if (typeof value === "string") return /^arn:aws:kms:[^:]*:\d+:key\/[^/]+$/.test(value) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item: Raw) => keysIn(item));
  return isObject(value) ? Object.values(value).flatMap(keysIn) : [];
}

/** What exists is as it was made; what is gone has no id. */
function read(request: provider.ReadRequest): provider.ReadResponse {
  const urn = request.getUrn();
  const state = props(request.getProperties());
  cloud.log({ rpc: "read", urn, preview: false });
  const response = new provider.ReadResponse();
  if (!request.hasProperties() || Object.keys(state).length === 0) return imported(urn, request.getId(), response);
  if (cloud.find(typeOf(urn), keyOf(urn, request.getId(), state)) === undefined) return response;
  response.setId(request.getId());
  response.setProperties(request.getProperties());
  response.setInputs(request.getInputs());
  return response;
}

/** An import: what exists with the inputs that it was made with. */
function imported(urn: string, id: string, response: provider.ReadResponse): provider.ReadResponse {
  const inputs = cloud.withId(typeOf(urn), id)?.inputs;
  if (inputs === undefined) return response;
  response.setId(id);
  response.setInputs(struct(inputs));
  response.setProperties(struct(plain(physical(urn, inputs, scope, lifeOf(urn)).outputs)));
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
    : plain(physical(urn, inputs, scope, lifeOf(urn)).outputs);
  response.setProperties(struct(outputs));
  if (!preview) cloud.update(typeOf(urn), keyOf(urn, request.getId(), outputs), notedOf(typeOf(urn), inputs));
  return response;
}

/** The provider invokes a function once more when an invocation with lifecycle scope CRUD goes. */
function lastInput(urn: string, { lifecycleScope, input }: RawProps): { readonly sends?: string } {
  if (typeOf(urn) !== "aws:lambda/invocation:Invocation" || lifecycleScope !== "CRUD" || typeof input !== "string")
    return {};
  return { sends: JSON.stringify({ ...(JSON.parse(input) as object), tf: { action: "delete" } }) };
}

function remove(request: provider.DeleteRequest): Empty {
  const urn = request.getUrn();
  const state = props(request.getProperties());
  cloud.log({ rpc: "delete", urn, preview: false, ...lastInput(urn, state) });
  const type = typeOf(urn);
  if (type === "aws:rds/cluster:Cluster" && state["skipFinalSnapshot"] !== true) finalSnapshot(urn, state);
  // A secret in its recovery window still has its name.
  if (type !== "aws:secretsmanager/secret:Secret" || state["recoveryWindowInDays"] === 0)
    cloud.delete(type, keyOf(urn, request.getId(), state));
  return new Empty();
}

/** RDS takes it before it deletes the cluster, and refuses a name that is taken. */
function finalSnapshot(urn: string, cluster: RawProps): void {
  const id = cluster["finalSnapshotIdentifier"] as string;
  cloud.create({ type: "final snapshot", key: id, id, urn, keys: keysIn(cluster["kmsKeyId"] ?? "") });
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
