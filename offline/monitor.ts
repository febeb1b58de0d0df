import type * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { checked, providerScope, type ProviderScope } from "./checked";
import { answer } from "./invokes";
import { physical, planned } from "./physical";
import { remoteChild } from "./remote";
import { propsOf, structOf } from "./structs";
import { urnOf } from "./urn";
import { hasSecret, isObject, signatures, SIGNATURE, UNKNOWN, type Raw, type RawProps } from "./values";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";

/** Identity and mode of a program's run. */
export interface Run {
  readonly stack: string;
  readonly project: string;
  readonly organization: string;
  /**
   * True: values that only a deployment decides are unknown. False: as deployed, with the
   * stand-in's ids and outputs.
   */
  readonly preview: boolean;
  readonly scope: ProviderScope;
  /**
   * Outputs of other stacks by full name `organization/project/stack`, in wire form. A missing name
   * is an error.
   */
  readonly references: Readonly<Record<string, RawProps>>;
  /** Base folder of source positions. */
  readonly root: string;
}

/** Options of a resource as registered; absent means not set. */
export interface ResourceOptions {
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deleteBeforeReplace?: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** URNs, or alias specifications as JSON text. */
  readonly aliases: readonly string[];
  readonly deletedWith?: string;
  readonly import?: string;
  readonly customTimeouts: { readonly create: string; readonly update: string; readonly delete: string };
}

/** A resource as the engine would know it. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN of the parent; "" for the stack. */
  readonly parent: string;
  readonly custom: boolean;
  /** True when the program reads it instead of creating it. */
  readonly external: boolean;
  /** The physical id; "" while unknown and for components. */
  readonly id: string;
  /** Inputs after the provider's Check, in wire form. */
  readonly inputs: RawProps;
  /**
   * Known outputs: a custom resource's outputs, or a component's registered outputs; in wire form.
   */
  outputs: RawProps;
  /** `URN::ID` of an explicit provider, else "". */
  readonly provider: string;
  /** URNs of its dependencies, sorted. */
  readonly dependencies: readonly string[];
  /** The same by the property that causes the dependency. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly options: ResourceOptions;
  /**
   * Source position, `file:line` from the root; absent when the stack trace holds no line of the
   * program.
   */
  readonly source?: string;
}

/**
 * A resource monitor without engine, providers and account. It gives the URNs, refuses what the
 * engine refuses, answers with the values known at the time, and keeps the registrations. It uses
 * Pulumi's messages, so that one core serves in process and over gRPC.
 */
export class Monitor {
  /** By URN, in the order of registration. */
  readonly resources = new Map<string, Registered>();
  /** By URN of a component: its explicit providers, by package. */
  private readonly providers = new Map<string, ReadonlyMap<string, string>>();

  constructor(readonly run: Run) {}

  /** The stack's own outputs in wire form; empty until the program has ended. */
  get outputs(): RawProps {
    for (const resource of this.resources.values())
      if (resource.type === "pulumi:pulumi:Stack") return resource.outputs;
    return {};
  }

  register(request: resourceProto.RegisterResourceRequest): resourceProto.RegisterResourceResponse {
    const remote = request.getRemote();
    const made = this.add({
      type: request.getType(),
      name: request.getName(),
      parent: request.getParent(),
      custom: request.getCustom(),
      // A remote component passes its arguments to its provider and registers none itself.
      inputs: remote ? {} : propsOf(request.getObject()),
      provider: request.getProvider(),
      dependencies: request.getDependenciesList(),
      propertyDependencies: remote ? {} : dependenciesOf(request),
      options: optionsOf(request),
      source: this.sourceOf(request.getSourceposition()),
    });
    // A component has its own providers and its parent's. Source: pulumi pkg/resource/deploy/source_eval.go.
    if (!made.custom)
      this.providers.set(
        made.urn,
        new Map([...(this.providers.get(made.parent) ?? []), ...request.getProvidersMap().entries()]),
      );
    const response = new resourceProto.RegisterResourceResponse();
    response.setUrn(made.urn);
    response.setId(made.id);
    response.setObject(structOf(remote ? this.expand(made, request) : known(made.outputs)));
    return response;
  }

  registerOutputs(request: resourceProto.RegisterResourceOutputsRequest): void {
    const resource = this.resources.get(request.getUrn());
    if (resource === undefined)
      throw new Error(`outputs registered for ${request.getUrn()}, which was never registered`);
    resource.outputs = propsOf(request.getOutputs());
  }

  read(request: resourceProto.ReadResourceRequest): resourceProto.ReadResourceResponse {
    const type = request.getType();
    const inputs = propsOf(request.getProperties());
    const scope = this.scopeOf(request.getProvider());
    const made = this.add({
      type,
      name: request.getName(),
      parent: request.getParent(),
      custom: true,
      inputs,
      provider: request.getProvider(),
      dependencies: request.getDependenciesList(),
      propertyDependencies: {},
      options: { ...noOptions, additionalSecretOutputs: request.getAdditionalsecretoutputsList() },
      source: this.sourceOf(request.getSourceposition()),
      read: {
        id: request.getId(),
        outputs: (urn) =>
          type === "pulumi:pulumi:StackReference"
            ? this.reference(request.getId())
            : { ...physical(urn, checked(urn, inputs, scope), scope).outputs, ...inputs },
      },
    });
    const response = new resourceProto.ReadResourceResponse();
    response.setUrn(made.urn);
    response.setProperties(structOf(made.outputs));
    return response;
  }

  invoke(request: resourceProto.ResourceInvokeRequest): providerProto.InvokeResponse {
    const response = new InvokeResponse();
    const token = request.getTok();
    response.setReturn(
      structOf(
        token === "pulumi:pulumi:getResource"
          ? this.getResource(propsOf(request.getArgs()))
          : answer(token, this.scopeOf(request.getProvider())),
      ),
    );
    return response;
  }

  private add(entry: Entry): Registered {
    const { type, name, parent, custom, read, source, ...rest } = entry;
    const urn = this.claim(type, name, parent);
    const scope = this.scopeOf(entry.provider);
    const inputs = custom && read === undefined ? checked(urn, entry.inputs, scope) : entry.inputs;
    const { id, outputs } =
      read === undefined ? this.create(urn, entry, inputs, scope) : { id: read.id, outputs: read.outputs(urn) };
    const registered: Registered = {
      ...rest,
      urn,
      type,
      name,
      parent,
      custom,
      external: read !== undefined,
      id,
      inputs,
      outputs: markSecrets(outputs, inputs, entry.options.additionalSecretOutputs),
      dependencies: [...entry.dependencies].sort(),
      ...(source !== undefined && { source }),
    };
    this.resources.set(urn, registered);
    return registered;
  }

  /**
   * Returns the URN, or refuses a duplicate URN and a child of an unknown parent, as the engine
   * does.
   */
  private claim(type: string, name: string, parent: string): string {
    const urn = urnOf(this.run.stack, this.run.project, parent, type, name);
    const first = this.resources.get(urn);
    if (first !== undefined)
      throw new Error(
        `duplicate resource URN '${urn}'; try giving it a unique name${first.source === undefined ? "" : ` (first made at ${first.source})`}`,
      );
    if (parent !== "" && !this.resources.has(parent)) throw new Error(`unknown parent '${parent}' of '${urn}'`);
    return urn;
  }

  private create(urn: string, entry: Entry, inputs: RawProps, scope: ProviderScope): { id: string; outputs: RawProps } {
    if (!entry.custom) return { id: "", outputs: {} };
    const imported = entry.options.import;
    if (this.run.preview) return { id: imported ?? "", outputs: planned(urn, inputs) };
    const made = physical(urn, inputs, scope);
    return { id: imported ?? made.id, outputs: made.outputs };
  }

  /** Registers a remote component's resources, and answers with the component's outputs. */
  private expand(component: Registered, request: resourceProto.RegisterResourceRequest): RawProps {
    const child = remoteChild(component.type, component.name, propsOf(request.getObject()));
    const propertyDependencies = dependenciesOf(request);
    const made = this.add({
      type: child.type,
      name: component.name,
      parent: component.urn,
      custom: true,
      inputs: child.inputs,
      provider: this.providers.get(component.urn)?.get("aws") ?? "",
      dependencies: [...new Set(Object.values(propertyDependencies).flat())],
      propertyDependencies,
      options: { ...noOptions, ...(component.options.protect !== undefined && { protect: component.options.protect }) },
      source: component.source,
    });
    return { [child.output]: { [SIGNATURE]: signatures.resource, urn: made.urn, id: made.id || UNKNOWN } };
  }

  private reference(name: string): RawProps {
    const { organization, project, stack } = this.run;
    // Nothing offline has been deployed: a stack that asks for its own outputs has none.
    const own: RawProps | undefined = name === `${organization}/${project}/${stack}` ? {} : undefined;
    const outputs = this.run.references[name] ?? own;
    if (outputs === undefined)
      throw new Error(
        `unknown stack '${name}'; known: ${Object.keys(this.run.references).sort().join(", ") || "none"}`,
      );
    return {
      name,
      outputs,
      secretOutputNames: Object.keys(outputs)
        .filter((key) => hasSecret(outputs[key] ?? null))
        .sort(),
    };
  }

  private getResource(args: RawProps): RawProps {
    const urn = typeof args["urn"] === "string" ? args["urn"] : "";
    const resource = this.resources.get(urn);
    if (resource === undefined) throw new Error(`unknown resource '${urn}'`);
    return { urn: resource.urn, id: resource.id, state: resource.outputs };
  }

  /** Region and account of a resource: its explicit provider's, else the stack's. */
  private scopeOf(provider: string): ProviderScope {
    const urn = provider.slice(0, provider.lastIndexOf("::"));
    return providerScope(this.resources.get(urn)?.inputs ?? {}, this.run.scope);
  }

  private sourceOf(position: { getUri(): string; getLine(): number } | undefined): string | undefined {
    if (position?.getUri().startsWith("file:") !== true) return undefined;
    const file = path.relative(this.run.root, fileURLToPath(position.getUri()));
    return file.startsWith("..") || file.includes("node_modules")
      ? undefined
      : `${file.split(path.sep).join("/")}:${position.getLine()}`;
  }
}

/** The known fields of a resource before registration. */
interface Entry extends Pick<
  Registered,
  "type" | "name" | "parent" | "custom" | "inputs" | "provider" | "dependencies" | "propertyDependencies" | "options"
> {
  readonly source: string | undefined;
  /** Present for existing resources. */
  readonly read?: { readonly id: string; readonly outputs: (urn: string) => RawProps };
}

/** The SDK treats a missing output of a preview as unknown, so those are not sent. */
const known = (outputs: RawProps): RawProps =>
  Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== UNKNOWN));

const dependenciesOf = (request: resourceProto.RegisterResourceRequest): Record<string, readonly string[]> => {
  const result: Record<string, readonly string[]> = {};
  for (const [property, list] of request.getPropertydependenciesMap().entries()) {
    const urns = list.getUrnsList();
    if (urns.length > 0) result[property] = [...urns].sort();
  }
  return result;
};

const noOptions: ResourceOptions = {
  ignoreChanges: [],
  replaceOnChanges: [],
  additionalSecretOutputs: [],
  aliases: [],
  customTimeouts: { create: "", update: "", delete: "" },
};

function optionsOf(request: resourceProto.RegisterResourceRequest): ResourceOptions {
  const timeouts = request.getCustomtimeouts();
  return {
    ...(request.hasProtect() && { protect: request.getProtect() === true }),
    ...(request.hasRetainondelete() && { retainOnDelete: request.getRetainondelete() === true }),
    ...(request.getDeletebeforereplacedefined() && { deleteBeforeReplace: request.getDeletebeforereplace() }),
    ...(request.getDeletedwith() !== "" && { deletedWith: request.getDeletedwith() }),
    ...(request.getImportid() !== "" && { import: request.getImportid() }),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasesList().map((alias) => alias.getUrn() || JSON.stringify(alias.getSpec()?.toObject())),
    customTimeouts: {
      create: timeouts?.getCreate() ?? "",
      update: timeouts?.getUpdate() ?? "",
      delete: timeouts?.getDelete() ?? "",
    },
  };
}

/**
 * An output is secret when the input of its name is, or when the resource's options say so: the
 * engine's rule for providers.
 */
function markSecrets(outputs: RawProps, inputs: RawProps, names: readonly string[]): RawProps {
  const result: Record<string, Raw> = { ...outputs };
  for (const [name, value] of Object.entries(outputs)) {
    const input = inputs[name];
    const asked =
      names.includes(name) || (input !== undefined && isObject(input) && input[SIGNATURE] === signatures.secret);
    if (asked && value !== UNKNOWN && !(isObject(value) && value[SIGNATURE] === signatures.secret))
      result[name] = { [SIGNATURE]: signatures.secret, value };
  }
  return result;
}
