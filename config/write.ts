import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackFileJsonSchema } from "./json-schema";
import { withReference } from "./reference";

// Script behind `npm run schema`: writes the files generated from config/schema. A test fails when
// they are outdated.
const root = join(__dirname, "..");
writeFileSync(join(root, "stacks", "stack.schema.json"), stackFileJsonSchema());
const reference = join(root, "docs", "stack-files.md");
writeFileSync(reference, withReference(readFileSync(reference, "utf8")));
