import { equivalents, isForeign } from "./other-providers";
import { Undeterminable, Value } from "./value";
import { isRecord } from "./wire";

/** A resource as the engine shows it to a pack. Values are undecoded plain data; see `decode`. */
export interface ResourceFacts {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly inputs: unknown;
  readonly options?: {
    readonly protect?: boolean;
    readonly parent?: string;
    readonly ignoreChanges?: readonly string[];
    readonly additionalSecretOutputs?: readonly string[];
  };
  /**
   * The provider's own configuration (region, default tags), when the resource names a provider.
   */
  readonly provider?: { readonly type: string; readonly name: string; readonly inputs: unknown };
  /** URNs of its dependencies, and the property that causes each; known in a stack only. */
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** A resource as a rule reads it. */
export class ResourceView {
  /** All inputs of the resource. */
  readonly inputs: Value;
  /** The configuration of its provider; empty when the pack does not know it. */
  readonly provider: Value;
  /** The inputs that were asked for, so that all policies share what is read of one. */
  private readonly asked = new Map<string, Value>();

  constructor(readonly facts: ResourceFacts) {
    this.inputs = Value.of(facts.inputs);
    this.provider = Value.of(facts.provider?.inputs, "provider");
  }

  get type(): string {
    return this.facts.type;
  }
  get name(): string {
    return this.facts.name;
  }
  get urn(): string {
    return this.facts.urn;
  }
  /** True when the resource is protected from deletion (`protect: true`). */
  get isProtected(): boolean {
    return this.facts.options?.protect === true;
  }

  /** The input at a path, as `inputs.at`. */
  at(path: string): Value {
    let value = this.asked.get(path);
    if (value === undefined) {
      value = this.inputs.at(path);
      this.asked.set(path, value);
    }
    return value;
  }
}

/**
 * The resource as policies judge it: one of another provider in the words of the provider `aws`,
 * with the companions that it holds, where the pack reads its type.
 */
export function viewsOf(facts: ResourceFacts): readonly ResourceView[] {
  const found = isForeign(facts.type) ? equivalents(facts.type, facts.inputs) : [];
  if (found.length === 0) return [new ResourceView(facts)];
  return found.map(({ type, inputs, refersBy }) => {
    const own = refersBy === undefined ? facts.propertyDependencies : { [refersBy]: [facts.urn] };
    return new ResourceView({ ...facts, type, inputs, ...(own !== undefined && { propertyDependencies: own }) });
  });
}

/** The properties by which another resource may refer to one. */
const IDENTITIES = [
  "id",
  "arn",
  "name",
  "bucket",
  "keyId",
  "url",
  "clusterIdentifier",
  "identifier",
  "functionName",
  "repositoryUrl",
  "family",
];

/**
 * A resource of a stack as the program states it: its inputs, its known outputs, and its
 * identifying outputs. An output that is unknown in preview, and that the program does not set, is
 * left out.
 * @param inputs undefined where they are not known; then the outputs replace them
 */
export function asStated(outputs: unknown, inputs: unknown): unknown {
  if (!isRecord(outputs) || !isRecord(inputs)) return outputs;
  const known = Object.entries(outputs).filter(
    ([key, value]) => IDENTITIES.includes(key) || !Value.of(value).isUnknown,
  );
  return { ...Object.fromEntries(known), ...inputs };
}

/** Result of `StackView.companions`. */
export interface Companions {
  /** Resources that belong to the target for certain. */
  readonly found: readonly ResourceView[];
  /** The references that preview cannot resolve: each may or may not belong to the target. */
  readonly unsure: readonly Value[];
}

/** All resources of one stack. */
export class StackView {
  private readonly byType = new Map<string, ResourceView[]>();
  private readonly identities = new Map<ResourceView, Set<string>>();

  constructor(readonly resources: readonly ResourceView[]) {
    for (const resource of resources) {
      const same = this.byType.get(resource.type);
      if (same) same.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
  }

  /** The URN of the stack itself; empty when it is not among the resources. */
  get urn(): string {
    return this.ofType("pulumi:pulumi:Stack")[0]?.urn ?? "";
  }

  /** The resource with this URN. */
  find(urn: string): ResourceView | undefined {
    return this.resources.find((resource) => resource.urn === urn);
  }

  /** The resources of these types, in the order given by the engine. */
  ofType(...types: string[]): ResourceView[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** True when the stack has a resource of one of these types. */
  has(...types: string[]): boolean {
    return types.some((type) => this.byType.has(type));
  }

  /**
   * Whether `from`'s input at `path` refers to `to`. The engine's record of dependencies decides
   * where there is one, else the text. The text refers to it by an id, ARN or name of `to`, or by
   * an interpolation (`${bucket.id}`). Throws `Undeterminable` when the value is unknown and
   * nothing else decides.
   */
  refers(from: ResourceView, path: string, to: ResourceView): boolean {
    const key = path.split(/[.[]/, 1)[0] ?? path;
    const recorded = from.facts.propertyDependencies?.[key] ?? [];
    if (recorded.includes(to.urn)) return true;
    const value = from.at(path);
    if (value.isAbsent) return false;
    if (value.isUnknown) {
      if (recorded.length > 0) return false;
      throw new Undeterminable(value.path);
    }
    if (value.items().some((item) => this.isNamed(item.text(), to))) return true;
    // A literal name may be that of a resource whose name preview cannot know.
    const unknown = recorded.length === 0 && IDENTITIES.find((key) => to.at(key).isUnknown);
    if (unknown) throw new Undeterminable(value.path, `may be the ${unknown} of ${to.name}, which is not known yet`);
    return false;
  }

  /**
   * Whether the text refers to the resource: by an id, ARN or name of it, or by an interpolation.
   */
  isNamed(text: string | undefined, to: ResourceView): boolean {
    if (text === undefined) return false;
    let known = this.identities.get(to);
    if (known === undefined) {
      known = new Set(IDENTITIES.flatMap((key) => (to.at(key).isUnknown ? [] : (to.at(key).text() ?? []))));
      this.identities.set(to, known);
    }
    if (known.has(text)) return true;
    const interpolated = /^\$\{([^}]+)\}$/.exec(text)?.[1];
    return interpolated?.split(/[.[\]]/).includes(to.name) === true;
  }

  /**
   * The resources of a type that refer to `target` at `path`: the flow logs of a VPC, the
   * encryption of a bucket.
   */
  companions(target: ResourceView, types: string | readonly string[], path: string): Companions {
    const found: ResourceView[] = [];
    const unsure: Value[] = [];
    for (const resource of this.ofType(...(typeof types === "string" ? [types] : types))) {
      try {
        if (this.refers(resource, path, target)) found.push(resource);
      } catch (error) {
        if (!(error instanceof Undeterminable)) throw error;
        unsure.push(resource.at(path));
      }
    }
    return { found, unsure };
  }
}
