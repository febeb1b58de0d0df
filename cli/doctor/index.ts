import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { loadStacks, type StackSpec } from "../../config";
import { awsCli } from "../deploy/aws";
import { callerFault } from "../deploy/caller";
import { exit, parseFlags, UsageError } from "../usage";
import type { Doubt } from "./doubt";
import { doubts } from "./doubts";
import { askAll, type Answered } from "./live";
import { withDoubts } from "./page";
import { readPolicy } from "./policy";
import { answerLines, answerRow, doubtRow, doubtText } from "./shown";
import { siteOf } from "./site";

export const summary = "what only a real account can tell, and the command that settles each doubt";

export const help = `npm run doctor [-- ROW… OPTIONS]

${summary}. Without a ROW: all of them.

  --live            asks the account, with read-only credentials: pass, fail or unknown for each row
  --platform NAME   the platform whose account is asked, where stacks/ has several
  --json            as JSON
  --policy          the IAM policy that --live needs; the auditor's role has it
  --write           writes the table into docs/first-deployment.md
Exit codes: 0 no row failed, 1 a row failed, 2 a fault in a stack file, the credentials or the call.
`;

const flags = {
  live: { type: "boolean" },
  platform: { type: "string" },
  json: { type: "boolean" },
  policy: { type: "boolean" },
  write: { type: "boolean" },
} as const;

/** Prints the table of doubts, asks them, or writes the page. Resolves with the exit code. */
export async function run(args: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseFlags(args, flags, help);
  const chosen = choose(positionals);
  const asJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
  if (values.write) {
    const page = path.join(root, "docs/first-deployment.md");
    writeFileSync(page, withDoubts(readFileSync(page, "utf8"), doubts));
  } else if (values.policy) {
    process.stdout.write(asJson(readPolicy(chosen)));
  } else if (values.live) {
    const answers = await askAccount(chosen, values.platform, root);
    process.stdout.write(values.json ? asJson(answers.map(answerRow)) : answerLines(answers));
    return answers.some(({ verdict }) => verdict === "fail") ? exit.refused : exit.ok;
  } else {
    const text = values.json ? asJson(chosen.map(doubtRow)) : `${chosen.map(doubtText).join("\n\n")}\n`;
    process.stdout.write(text);
  }
  return exit.ok;
}

function choose(ids: readonly string[]): readonly Doubt[] {
  const missing = ids.filter((id) => !doubts.some((doubt) => doubt.id === id));
  if (missing.length > 0)
    throw new UsageError(
      `ROW: found ${missing.join(", ")}; allowed ${doubts.map(({ id }) => id).join(", ")}; npm run doctor lists them`,
    );
  return ids.length === 0 ? doubts : doubts.filter(({ id }) => ids.includes(id));
}

/** @throws UsageError when the credentials are not the platform's account's */
async function askAccount(
  chosen: readonly Doubt[],
  name: string | undefined,
  root: string,
): Promise<readonly Answered[]> {
  const specs = loadStacks(root);
  const platform = platformOf(specs, name);
  const aws = awsCli(platform.region);
  const fault = await callerFault(aws, platform);
  if (fault !== undefined) throw new UsageError(fault);
  return askAll(chosen, siteOf(platform, specs), aws);
}

function platformOf(specs: readonly StackSpec[], name: string | undefined): StackSpec {
  const platforms = specs.filter(({ department }) => department === undefined);
  const [only] =
    name === undefined && platforms.length === 1 ? platforms : platforms.filter((each) => each.stack === name);
  if (only !== undefined) return only;
  throw new UsageError(
    `--platform: found ${name ?? "nothing"}; allowed ${platforms.map(({ stack }) => stack).join(", ")}; name one of them`,
  );
}
