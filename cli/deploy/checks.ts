import { loadStack, StackFilesError, type Fault, type StackSpec } from "../../config";
import type { Aws } from "./aws";
import { callerOf } from "./caller";
import { accountProblems, lifetimeProblems, quotaProblems } from "./check-account";
import { stateProblems } from "./check-state";
import { checkTools } from "./check-tools";
import { modelProblems } from "./model-access";
import { problemLine } from "./problem";
import type { Pulumi } from "./pulumi";

/** What the checks look at. */
export interface CheckScope {
  readonly root: string;
  /** Stacks of the run. */
  readonly specs: readonly StackSpec[];
  readonly localState: boolean;
  readonly aws: Aws;
  readonly pulumi: Pulumi;
  readonly env: NodeJS.ProcessEnv;
}

/** Everything that would stop the run before it begins, as lines, each with its next step. */
export async function checkAll(scope: CheckScope): Promise<string[]> {
  const { root, specs, localState, aws, pulumi, env } = scope;
  const [tools, caller, state] = await Promise.all([
    checkTools(root, pulumi),
    callerOf(aws),
    stateProblems({ root, specs, localState, pulumi }),
  ]);
  const ours = "fault" in caller ? [] : specs.filter(({ accountId }) => accountId === caller.Account);
  const account =
    "fault" in caller
      ? []
      : [
          ...accountProblems(specs, caller),
          ...(await quotaProblems(root, ours, aws)),
          ...(await modelProblems(
            ours.filter(({ department }) => department === undefined),
            aws,
          )),
        ];
  return [
    ...tools.map(problemLine),
    ...("fault" in caller && !(caller.noTool && tools.some(({ where }) => where === "aws")) ? [caller.fault] : []),
    ...fileLines(root, specs),
    ...[...lifetimeProblems(env, Date.now()), ...account, ...state].map(problemLine),
  ];
}

/** What a preview notes and an `up` refuses: sample images, an ended attestation. Each once. */
function fileLines(root: string, specs: readonly StackSpec[]): string[] {
  const lines = specs.flatMap(({ stack }) => {
    try {
      loadStack(root, stack, { deploying: true });
      return [];
    } catch (error) {
      if (error instanceof StackFilesError) return error.faults.map(line);
      throw error;
    }
  });
  return [...new Set(lines)];
}

const line = ({ file, path, found, allowed, next }: Fault): string =>
  problemLine({ where: `${file}  ${path}`, found, needed: allowed, next });
