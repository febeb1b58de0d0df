import { cpSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";

/** policy-pack/src/index.ts without `servePack`. */
const program = `
import { readFileSync } from "node:fs";
import path from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { exemptionsPolicy } from "./exemptions-policy";
import { ExemptionBook } from "./frame/exemption-book";
import { readExemptions } from "./frame/exemptions";
import { toPulumi } from "./frame/pulumi";
import { policies } from "./policies";

const text = readFileSync(path.join(__dirname, "../exemptions.json"), "utf8");
const names = new Set(policies.map((policy) => policy.name));
const book = new ExemptionBook(readExemptions(text, new Date().toISOString().slice(0, 10), names));
const all = [...policies, exemptionsPolicy(book)];
new PolicyPack("sdk", { policies: all.map((policy) => toPulumi(policy, book)), enforcementLevel: "mandatory" });
`;

/** A folder with the repository's policies and exemptions on the SDK's own server. */
export function sdkPack(home: string): string {
  const own = path.join(home, "policy-pack");
  const folder = mkdtempSync(path.join(tmpdir(), "cline-bench-sdk-"));
  for (const file of ["package.json", "PulumiPolicy.yaml", "exemptions.json"])
    cpSync(path.join(own, file), path.join(folder, file));
  symlinkSync(path.join(home, "node_modules"), path.join(folder, "node_modules"));
  writeFileSync(path.join(folder, "build.mjs"), "");
  buildSync({
    stdin: { contents: program, resolveDir: path.join(own, "src"), loader: "ts" },
    outfile: path.join(folder, "dist/index.js"),
    bundle: true,
    platform: "node",
    external: ["@pulumi/*"],
  });
  return folder;
}
