import { readFileSync } from "node:fs";
import path from "node:path";
import { planKeyUses, renderKeyUses, unkeyed, type KeyProperty } from "../reports";
import { progress } from "./streams";
import { planStacks } from "./plan";
import { exit, exitCodes, parseFlags } from "./usage";

export const summary = "which key encrypts what, in all stacks";

export const help = `npm run keys [-- STACK…]

${summary}, as Markdown: every place where the provider takes a KMS key. One that is left over counts as a
violation.
${exitCodes}
`;

/** Prints the table. Resolves with the exit code. */
export async function run(args: readonly string[], root: string): Promise<number> {
  const { positionals } = parseFlags(args, {}, help);
  const { stacks } = await planStacks({ root, stacks: positionals, asDeployed: true, progress });
  const uses = planKeyUses(stacks, keyProperties(root));
  process.stdout.write(renderKeyUses(uses));
  return unkeyed(uses).length === 0 ? exit.ok : exit.refused;
}

/** Inputs of the installed provider that may hold a KMS key: the policy pack's own table. */
export function keyProperties(root: string): readonly KeyProperty[] {
  return JSON.parse(readFileSync(path.join(root, "policy-pack/src/data/kms-table.json"), "utf8")) as KeyProperty[];
}
