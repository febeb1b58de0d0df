import { byText, stackType, type ResourceReport } from "./document";

/** A component with its children. Leaves are grouped by type. */
export interface Branch {
  /** Type token of the component (or of a resource with children). */
  readonly type: string;
  readonly name: string;
  /** Number of resources in it, including itself when it is a resource; components are not counted. */
  readonly resources: number;
  readonly leaves: readonly Leaf[];
  readonly branches: readonly Branch[];
}

/** Resources of one type under one parent. */
export interface Leaf {
  readonly type: string;
  readonly names: readonly string[];
}

/**
 * Whether a type is a component's: custom resources of the bridged providers have a module with a
 * slash, components have none.
 */
export function isComponent(type: string): boolean {
  return type === stackType || (!type.startsWith("pulumi:") && !type.includes("/"));
}

/** A stack's resources as a tree whose root is the stack. */
export function planTree(stack: string, resources: readonly ResourceReport[]): Branch {
  const branching = new Set(resources.filter((r) => r.type !== stackType).map((r) => r.urn));
  const children = new Map<string, ResourceReport[]>();
  for (const resource of resources) {
    if (resource.type === stackType) continue;
    const parent = branching.has(resource.parent) ? resource.parent : "";
    const siblings = children.get(parent);
    if (siblings) siblings.push(resource);
    else children.set(parent, [resource]);
  }
  const grow = (type: string, name: string, urn: string): Branch => {
    const below = [...(children.get(urn) ?? [])].sort((a, b) => byText(a.type, b.type) || byText(a.name, b.name));
    const isBranch = (r: ResourceReport): boolean => children.has(r.urn) || isComponent(r.type);
    const branches = below.filter(isBranch).map((r) => grow(r.type, r.name, r.urn));
    const leaves = groupLeaves(below.filter((r) => !isBranch(r)));
    const total = [...leaves.map((leaf) => leaf.names.length), ...branches.map((branch) => branch.resources)];
    const itself = isComponent(type) ? 0 : 1;
    return {
      type,
      name,
      resources: total.reduce((a, b) => a + b, itself),
      leaves,
      branches,
    };
  };
  return grow(stackType, stack, "");
}

function groupLeaves(resources: readonly ResourceReport[]): Leaf[] {
  const byType = new Map<string, string[]>();
  for (const { type, name } of resources) byType.set(type, [...(byType.get(type) ?? []), name]);
  return [...byType].map(([type, names]) => ({ type, names }));
}
