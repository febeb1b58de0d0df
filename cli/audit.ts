import { readFileSync } from "node:fs";
import path from "node:path";
import { startPack } from "../offline/pack-client";
import { readState } from "../offline/state";
import { loadStacks, StackFilesError, type StackSpec } from "../config";
import { packSettings } from "./policy-config";
import { judgedStack, policyMetadata } from "./judged";
import { outputFlags, outputHelp, policyConfigOf, printDocument } from "./output";
import { progress } from "./streams";
import { targetsOf } from "./targets";
import { exitCodes, parseFlags, UsageError } from "./usage";

export const summary = "what the policies say of what is deployed: over states that `pulumi stack export` wrote";

export const help = `npm run audit -- --state FILE [--state FILE… OPTIONS]

${summary}.

  --state FILE         an exported state; with --show-secrets at the export, rules can read secrets too
${outputHelp}
${exitCodes}
`;

/** Note on a state whose stack file is missing or has faults: the pack's defaults trust nobody. */
const withoutFile =
  "no stack file of this name is read: the MFA mode and the gateway's roles are not known, and every role that invokes models is refused. Name them with --policy-config.";

/** Judges exported states and prints the document. Resolves with the exit code. */
export async function run(args: readonly string[], root: string): Promise<number> {
  const flags = { ...outputFlags, state: { type: "string", multiple: true } } as const;
  const { values, positionals } = parseFlags(args, flags, help);
  const targets = targetsOf(values);
  if (positionals.length > 0 || values.state === undefined) throw new UsageError(help);
  const config = policyConfigOf(values);
  const states = values.state.map((file) => readState(textOf(file), file));
  const specs = knownStacks(root);
  const pack = await startPack(path.join(root, "policy-pack"));
  try {
    const stacks = [];
    for (const state of states) {
      const spec = specs.find(({ stack }) => stack === state.stack);
      const about = spec
        ? { notes: [], region: spec.region, settings: packSettings(spec) }
        : { notes: [withoutFile], region: "" };
      stacks.push(await judgedStack({ ...state, ...about }, pack, config, true));
      progress(`${state.stack}: ${state.resources.length} deployed resources judged`);
    }
    return await printDocument({ stacks, policies: policyMetadata(pack) }, targets, values);
  } finally {
    await pack.close();
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`--state: ${(error as Error).message}`);
  }
}

/**
 * The stack files, for the pack's settings. An audit works without them: it reports a fault in one and
 * continues.
 */
function knownStacks(root: string): readonly StackSpec[] {
  try {
    return loadStacks(root);
  } catch (error) {
    if (!(error instanceof StackFilesError)) throw error;
    progress("the stack files have faults, so the audit goes without them; npm run preview lists the faults");
    return [];
  }
}
