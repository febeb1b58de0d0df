import { outputFlags, outputHelp, policyConfigOf, printDocument, progress } from "./output";
import { planStacks } from "./plan";
import { targetsOf } from "./targets";
import { exitCodes, parseFlags } from "./usage";

export const summary =
  "what each stack would create and what the policies say of it: offline, without account or engine";

export const help = `npm run preview [-- STACK… OPTIONS]

${summary}. Without a STACK: all of stacks/.

  --as-deployed        with ids, ARNs and outputs as after a deployment
${outputHelp}
${exitCodes}
`;

/** Previews stacks and prints the document. Resolves with the exit code. */
export async function run(args: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseFlags(args, { ...outputFlags, "as-deployed": { type: "boolean" } }, help);
  const targets = targetsOf(values);
  const policyConfig = policyConfigOf(values);
  const document = await planStacks({
    root,
    stacks: positionals,
    asDeployed: values["as-deployed"] ?? false,
    policyConfig,
    progress,
  });
  return printDocument(document, targets, values);
}
