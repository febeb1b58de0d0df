import { writeFileSync } from "node:fs";
import path from "node:path";
import { loadStacks } from "../../config";
import { callersPage } from "./page";
import { actionScope } from "./scope";

/** Writes docs/callers.md: `npm run callers`. */
const root = path.join(__dirname, "../..");
const spec = loadStacks(root).find(({ department }) => department === undefined);
if (spec === undefined) throw new Error(`${root}/stacks: no platform's stack file`);
writeFileSync(path.join(root, "docs/callers.md"), callersPage(actionScope(spec)));
