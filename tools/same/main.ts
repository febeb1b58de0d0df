import path from "node:path";
import { parseArgs } from "node:util";
import { documentDifferences, reportDifferences, type Difference } from "./differences";
import { normalDocument, normalFault, normalReport, type Json } from "./normal";
import { randomSets, shippedSets, type StackSet } from "./sets";
import { commitOf } from "../revision";
import { revisionSide, workingSide, type PreviewOptions, type Printed, type Side } from "./side";
import { renderTable, rowsOf } from "./table";

const help = `npm run same -- REV [--sets N] [--seed N] [--every]

Compares plans, reports and verdicts of the working tree with those of a revision: every shipped stack, and N sets of random stack files
(default 40, seed 10). Code hashes of functions, source positions and the finding block of messages are left out. Prints a table of every
other property that changed. Takes about 20 s for each set; what the revision printed is kept in CLINE_CACHE
(default ~/.cache/cline-landing-zone).

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
  const found: Difference[] = [];
  const runs = [
    { formats: ["json", ...set.formats], asDeployed: false },
    ...(set.asDeployed ? [{ formats: ["json"], asDeployed: true }] : []),
  ];
  for (const options of runs) {
    const [was, is] = await Promise.all([before.preview(set.before, options), after.preview(set.after, options)]);
    found.push(...runDifferences(set, options, was, is));
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const stacks = Object.keys(set.after).length;
  process.stderr.write(`${set.name}: ${stacks} stacks, ${found.length} differences, ${seconds} s\n`);
  return found;
}

function runDifferences(
  set: StackSet,
  { formats, asDeployed }: PreviewOptions,
  was: Printed,
  is: Printed,
): Difference[] {
  if (was.code > 1 && is.code > 1)
    throw new Error(`${set.name}: the preview fails on both sides, so nothing is compared\n${is.err}`);
  const shown = ({ code, err }: Printed): string => (code > 1 ? `${code}: ${normalFault(err)}` : String(code));
  if (was.code !== is.code)
    return [{ stack: `(${set.name})`, type: "report", property: "exit code", before: shown(was), after: shown(is) }];
  const label = asDeployed ? (stack: string): string => `${set.label(stack)} as deployed` : set.label;
  return formats.flatMap((format) => {
    const [a, b] = [reportIn(was, format), reportIn(is, format)];
    return format === "json"
      ? documentDifferences(documentOf(a), documentOf(b), label)
      : reportDifferences(format, normalReport(format, a), normalReport(format, b), `(${set.name})`);
  });
}

function reportIn({ reports }: Printed, format: string): string {
  const report = reports[format];
  if (report === undefined) throw new Error(`the preview printed no ${format}`);
  return report;
}

const documentOf = (text: string): Json => normalDocument(JSON.parse(text) as Json);

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
