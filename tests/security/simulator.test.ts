import assert from "node:assert/strict";
import { fixturesDeployed } from "../support/deployed";
import { tables } from "./rows";
import { simulate } from "./simulate";
import { worldOf, type World } from "./world";

describe("who may do what, by simulation of the documents as generated", () => {
  let world: World;
  before(async () => {
    world = worldOf(await fixturesDeployed());
  });

  for (const [subject, rows] of Object.entries(tables)) {
    it(subject, async () => {
      const wrong: string[] = [];
      const table = rows(world);
      assert.ok(table.length >= 60, `${subject}: ${table.length} rows`);
      for (const row of table) {
        const { allowed } = await simulate(world, row);
        if (allowed !== row.allowed) wrong.push(`${row.title}: must be ${row.allowed ? "allowed" : "denied"}`);
      }
      assert.deepEqual(wrong, []);
    });
  }

  it("has both answers in every table, and no row twice", () => {
    for (const [subject, rows] of Object.entries(tables)) {
      const table = rows(world);
      assert.ok(table.some(({ allowed }) => allowed) && table.some(({ allowed }) => !allowed), subject);
      const told = table.map(({ title: _, ...row }) => JSON.stringify(row));
      assert.deepEqual(
        told.filter((row, at) => told.indexOf(row) !== at),
        [],
      );
    }
  });
});
