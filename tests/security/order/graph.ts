import type { DocumentResource } from "../../../offline/in-process";

/** What the graph reads of a resource. */
export type Node = Pick<
  DocumentResource,
  "urn" | "type" | "name" | "parent" | "id" | "inputs" | "outputs" | "dependencies" | "propertyDependencies"
>;

/**
 * The order in which the engine creates one stack's resources. A resource waits for its
 * dependencies, by option or by property, and for its parent. A component waits for its own
 * dependencies; it does not wait for its children.
 */
export class Order {
  readonly #byUrn: ReadonlyMap<string, Node>;
  readonly #before = new Map<string, ReadonlySet<string>>();

  /** What a component's provider makes exists once the component's registration has returned. */
  readonly #made: ReadonlyMap<string, readonly string[]>;

  constructor(readonly resources: readonly Node[]) {
    this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const remote = resources.filter(({ type }) => type.startsWith("awsx:"));
    this.#made = new Map(
      remote.map(({ urn }) => [urn, resources.filter(({ parent }) => parent === urn).map((child) => child.urn)]),
    );
  }

  /** URNs of every resource that exists before `urn` is created. */
  before(urn: string): ReadonlySet<string> {
    const known = this.#before.get(urn);
    if (known) return known;
    const found = new Set<string>();
    const open = [urn];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const earlier of this.#direct(next)) {
        if (found.has(earlier)) continue;
        found.add(earlier);
        open.push(earlier);
      }
    }
    this.#before.set(urn, found);
    return found;
  }

  #direct(urn: string): readonly string[] {
    const resource = this.#byUrn.get(urn);
    if (resource === undefined) return [];
    const { parent, dependencies, propertyDependencies } = resource;
    const named = [...dependencies, ...Object.values(propertyDependencies).flat()];
    return [...(parent === "" ? [] : [parent]), ...named, ...named.flatMap((each) => this.#made.get(each) ?? [])];
  }
}

/** Resources of one of these nouns, e.g. `VpcEndpoint`. */
export const ofKind = (resources: readonly Node[], ...nouns: readonly string[]): readonly Node[] =>
  resources.filter(({ type }) => nouns.includes(type.split(":").at(-1) ?? ""));

/** A value or list of values as a list of texts. */
export const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((entry): entry is string => typeof entry === "string");
