import path from "node:path";
import { parseArgs } from "node:util";
import { documentDifferences, reportDifferences, type Difference } from "./differences";
import { normalDocument, normalFault, normalReport, type Json } from "./normal";
import { randomSets, shippedSets, type StackSet } from "./sets";
import { commitOf, revisionSide, workingSide, type Printed, type Side } from "./side";
import { renderTable, rowsOf } from "./table";

const help = `npm run same -- REV [--sets N] [--seed N] [--every]

Compares plans, reports and verdicts of the working tree with those of a revision: every shipped stack, and N sets of random stack files
(default 40, seed 10). Code hashes of functions, source positions and the finding block of messages are left out. Prints a table of every
other property that changed. Takes about 20 s for each set; what the revision printed is kept in .cache/same.

  --sets N    sets of random stack files; 0 compares the shipped stacks alone
  --seed N    another choice of random stack files
  --every     a row for each pair of values, instead of one for each property

Exit codes: 0 all equal, 1 something changed, 2 nothing could be compared.
`;

interface Sides {
  readonly before: Side;
  readonly after: Side;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      sets: { type: "string", default: "40" },
      seed: { type: "string", default: "10" },
      every: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [count, seed] = [Number(values.sets), Number(values.seed)];
  if (values.help || positionals.length !== 1 || !Number.isInteger(count) || count < 0 || !Number.isInteger(seed)) {
    process.stderr.write(help);
    return values.help ? 0 : 2;
  }
  const root = path.resolve(__dirname, "../..");
  const commit = commitOf(root, positionals[0] as string);
  const sides: Sides = { before: revisionSide(root, commit), after: workingSide(root) };
  try {
    const sets = [...shippedSets(sides.before.shipped, sides.after.shipped), ...randomSets(count, seed)];
    const differences: Difference[] = [];
    for (const set of sets) differences.push(...(await compared(set, sides)));
    const rows = rowsOf(differences, values.every);
    if (rows.length > 0) process.stdout.write(`${renderTable(rows)}\n\n`);
    process.stdout.write(
      `${differences.length} differences from ${commit.slice(0, 12)} in ${sets.length} sets of stack files\n`,
    );
    return differences.length > 0 ? 1 : 0;
  } finally {
    sides.before.remove();
    sides.after.remove();
  }
}

/** Runs both sides over one set, the two at once, and compares all that they print. */
async function compared(set: StackSet, { before, after }: Sides): Promise<Difference[]> {
  const started = performance.now();
  const calls = [
    ["--json"],
    ...(set.asDeployed ? [["--json", "--as-deployed"]] : []),
    ...set.formats.map((form) => ["--format", form]),
  ];
  const printedBy = async (side: Side, files: StackSet["before"]): Promise<Printed[]> => {
    const printed: Printed[] = [];
    for (const call of calls) printed.push(await side.preview(files, call));
    return printed;
  };
  const [was, is] = await Promise.all([printedBy(before, set.before), printedBy(after, set.after)]);
  const found = calls.flatMap((call, at) => callDifferences(set, call, was[at] as Printed, is[at] as Printed));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stderr.write(
    `${set.name}: ${Object.keys(set.after).length} stacks, ${found.length} differences, ${seconds} s\n`,
  );
  return found;
}

function callDifferences(set: StackSet, call: readonly string[], was: Printed, is: Printed): Difference[] {
  if (was.code > 1 && is.code > 1)
    throw new Error(`${set.name}: preview ${call.join(" ")} fails on both sides, so nothing is compared\n${is.err}`);
  const at = { stack: `(${set.name})`, type: "report", property: `exit code of ${call.join(" ")}` };
  const shown = ({ code, err }: Printed): string => (code > 1 ? `${code}: ${normalFault(err)}` : String(code));
  const exit = was.code === is.code ? [] : [{ ...at, before: shown(was), after: shown(is) }];
  if (was.code > 1 || is.code > 1) return exit;
  const format = call[0] === "--json" ? "json" : (call[1] as string);
  const content =
    format === "json"
      ? documentDifferences(documentOf(was), documentOf(is), labelOf(set, call))
      : reportDifferences(format, normalReport(format, was.out), normalReport(format, is.out), `(${set.name})`);
  return [...exit, ...content];
}

/** The table tells a deployed stack from a planned one. */
const labelOf = (set: StackSet, call: readonly string[]): StackSet["label"] =>
  call.includes("--as-deployed") ? (stack) => `${set.label(stack)} as deployed` : set.label;

const documentOf = ({ out }: Printed): Json => normalDocument(JSON.parse(out) as Json);

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
