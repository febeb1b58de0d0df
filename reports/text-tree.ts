import { count, typeName, visible } from "./names";
import type { Say } from "./paint";
import type { Branch } from "./tree";

/** The lines under a branch, every resource by its name. */
export function treeLines(branch: Branch, say: Say): string[] {
  const entries = [
    ...branch.leaves.map(({ type, names }) => [`${typeName(type)}  ${names.map(visible).join(", ")}`]),
    ...branch.branches.map((child) => [branchLine(child, say), ...treeLines(child, say)]),
  ];
  return entries.flatMap(([first = "", ...rest], index) => {
    const isLast = index === entries.length - 1;
    return [
      say("dim", isLast ? "└─ " : "├─ ") + first,
      ...rest.map((line) => say("dim", isLast ? "   " : "│  ") + line),
    ];
  });
}

const branchLine = ({ type, name, resources }: Branch, say: Say): string =>
  `${say("bold", typeName(type))}  ${visible(name)}  ${say("dim", count(resources, "resource"))}`;
