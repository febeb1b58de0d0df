import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadStackFiles } from "../../config";
import { filesOf, largestConfigs } from "./stack-files";

// Script: node -r tsx/cjs tests/support/generate-stacks.ts DIR [DEPARTMENTS [DEVELOPERS]]
// Writes a valid platform and departments into DIR, with the longest names the schema allows. By
// default 20 departments, the first with one developer and the last with 60; with DEVELOPERS every
// department has that many.
const [folder, departments = "20", developers] = process.argv.slice(2);
if (folder === undefined) throw new Error("name the folder to write into");
const count = Number(departments);
const files = filesOf(
  largestConfigs({
    departments: count,
    developers: (at) =>
      developers === undefined ? 1 + Math.round((59 * at) / Math.max(1, count - 1)) : Number(developers),
  }),
);
loadStackFiles(files);
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
