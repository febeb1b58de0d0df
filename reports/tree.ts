import { byText, stackType, type ResourceReport } from "./document";

/**
 * A component with its children. Leaves are grouped by type; siblings of one shape share a branch
 * under `names`.
 */
export interface Branch {
  /** Type token of the component (or of a resource with children). */
  readonly type: string;
  /**
   * One name, or several where siblings of the same type hold the same kinds and numbers of
   * resources.
   */
  readonly names: readonly string[];
  /**
   * Number of resources in one of them, including itself when it is a resource; components are not
   * counted.
   */
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

/**
 * A stack's resources as a tree whose root is the stack. With `every`, siblings of one shape stay
 * apart.
 */
export function planTree(stack: string, resources: readonly ResourceReport[], every = false): Branch {
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
      names: [name],
      resources: total.reduce((a, b) => a + b, itself),
      leaves,
      branches: every ? branches : mergeAlike(branches),
    };
  };
  return grow(stackType, stack, "");
}

function groupLeaves(resources: readonly ResourceReport[]): Leaf[] {
  const byType = new Map<string, string[]>();
  for (const { type, name } of resources) byType.set(type, [...(byType.get(type) ?? []), name]);
  return [...byType].map(([type, names]) => ({ type, names }));
}

/**
 * Merges siblings of the same type and shape into one branch with all their names; it shows the
 * first one's children.
 */
function mergeAlike(branches: readonly Branch[]): Branch[] {
  const byShape = new Map<string, Branch>();
  for (const branch of branches) {
    const shape = shapeOf(branch);
    const first = byShape.get(shape);
    byShape.set(shape, first ? { ...first, names: [...first.names, ...branch.names] } : branch);
  }
  return [...byShape.values()];
}

function shapeOf(branch: Branch): string {
  const leaves = branch.leaves.map((leaf) => `${leaf.type}*${leaf.names.length}`);
  const branches = branch.branches.map((below) => `${shapeOf(below)}*${below.names.length}`);
  return `${branch.type}(${[...leaves, ...branches].join(",")})`;
}
