import assert from "node:assert/strict";
import { fixturesDeployed } from "../support/deployed";
import { tables } from "./rows";
import { simulate, type Row } from "./simulate";
import { worldOf, type Held, type PolicyDocument, type World } from "./world";

/** A document with one condition less. */
interface Mutant {
  readonly held: Held;
  readonly what: string;
  readonly document: PolicyDocument;
}

/** Every document with each condition key of each statement left out in turn. */
function mutantsOf(held: Held): Mutant[] {
  const { Version, Statement } = held.document;
  return Statement.flatMap((statement, at) =>
    Object.entries(statement.Condition ?? {}).flatMap(([operator, conditions]) =>
      Object.keys(conditions).map((key) => {
        const { [key]: _, ...kept } = conditions;
        const { [operator]: __, ...others } = statement.Condition ?? {};
        const Condition = Object.keys(kept).length > 0 ? { ...others, [operator]: kept } : others;
        const mutated = { ...statement, Condition };
        return {
          held,
          what: `${held.at} ${statement.Sid ?? String(at)} ${operator} ${key}`,
          document: { Version, Statement: Statement.map((other, index) => (index === at ? mutated : other)) },
        };
      }),
    ),
  );
}

/** Conditions that no row can show, each with its reason. */
const unseen: readonly (readonly [RegExp, string])[] = [
  [
    /VpcEndpoint network-endpoint-sts /,
    "the simulator, like AWS's identity policies, never refuses sts:GetCallerIdentity",
  ],
];

describe("every condition of every document matters", () => {
  it("leaving out any one makes a row of the table fail", async () => {
    const world = worldOf(await fixturesDeployed());
    const rowsOf = await rowsByDocument(world);
    const survivors: string[] = [];
    let tried = 0;
    for (const mutant of world.all.flatMap(mutantsOf)) {
      if (unseen.some(([pattern]) => pattern.test(mutant.what))) continue;
      tried += 1;
      if (!(await isCaught(world, mutant, rowsOf.get(mutant.held) ?? []))) survivors.push(mutant.what);
    }
    assert.deepEqual(survivors, []);
    assert.ok(tried > 400, String(tried));
  }).timeout(600_000);
});

/** Rows by the documents that have a say in them. */
async function rowsByDocument(world: World): Promise<ReadonlyMap<Held, readonly Row[]>> {
  const rows = new Map<Held, Row[]>();
  for (const table of Object.values(tables)) {
    for (const row of table(world)) {
      const { asked } = await simulate(world, row);
      for (const held of asked) rows.set(held, [...(rows.get(held) ?? []), row]);
    }
  }
  return rows;
}

async function isCaught(world: World, { held, document, what }: Mutant, rows: readonly Row[]): Promise<boolean> {
  const whole = held.document;
  held.document = document;
  try {
    // An Allow that lost a condition lets something pass, a Deny stops something: rows of that answer first.
    const widened = !/ (TlsOnly|OwnEndpointsOnly|Not|No|Only|Instance)/.test(what);
    const ordered = [...rows].sort((a, b) => Number(a.allowed === widened) - Number(b.allowed === widened));
    for (const row of ordered) if ((await simulate(world, row)).allowed !== row.allowed) return true;
    return false;
  } finally {
    held.document = whole;
  }
}
