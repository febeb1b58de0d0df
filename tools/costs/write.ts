import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format, resolveConfig } from "prettier";
import { exampleCosts } from "./example";
import { costTables, withTables } from "./page";

// Script: npm run costs. Renews the tables of docs/costs.md.
const root = path.join(__dirname, "../..");
const file = path.join(root, "docs/costs.md");

void (async () => {
  const text = withTables(readFileSync(file, "utf8"), costTables(await exampleCosts(root)));
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
})();
