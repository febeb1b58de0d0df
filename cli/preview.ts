import { faultReports } from "./fault-reports";
import { outputFlags, outputHelp, policyConfigOf, printDocument, printFaults } from "./output";
import { progress } from "./streams";
import { compareStacks } from "./compare";
import { planStacks } from "./plan";
import { targetsOf } from "./targets";
import { exitCodes, parseFlags, UsageError } from "./usage";

export const summary =
  "what each stack would create and what the policies say of it: offline, without account or engine";

export const help = `npm run preview [-- STACK… OPTIONS]

${summary}. Without a STACK: all of stacks/.

  --base REV|DIR       only what differs from a git revision, or from a folder with stacks/: what changes for people,
                       resources, properties and findings; stacks that the change cannot touch are left out
  --as-deployed        with ids, ARNs and outputs as after a deployment
${outputHelp}
${exitCodes}
`;

const flags = { ...outputFlags, base: { type: "string" }, "as-deployed": { type: "boolean" } } as const;

/** Previews stacks and prints the document, on faults as well. Resolves with the exit code. */
export async function run(args: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseFlags(args, flags, help);
  const targets = targetsOf(values);
  const policyConfig = policyConfigOf(values);
  const asDeployed = values["as-deployed"] ?? false;
  const options = { root, stacks: positionals, asDeployed, policyConfig, progress };
  try {
    const document = await (values.base === undefined ? planStacks(options) : compareStacks(options, values.base));
    return await printDocument(document, targets, values);
  } catch (fault) {
    if (!(fault instanceof UsageError)) {
      // What stopped the work is said in any case, also when a document cannot be written.
      await printFaults(faultReports(fault), targets, values).catch((error: unknown) =>
        progress(error instanceof Error ? error.message : String(error)),
      );
    }
    throw fault;
  }
}
