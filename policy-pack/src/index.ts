import { readFileSync } from "node:fs";
import path from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { exemptionsPolicy } from "./exemptions-policy";
import { ExemptionBook } from "./frame/exemption-book";
import { readExemptions } from "./frame/exemptions";
import { toPulumi } from "./frame/pulumi";
import { servePack } from "./frame/server";
import { policies } from "./policies";

const NAME = "cline-landing-zone";

// Read at start, not built in: an exemption takes effect, and ends, without a new build of the
// pack.
const home = path.join(__dirname, "..");
const today = new Date().toISOString().slice(0, 10);
const names = new Set(policies.map((policy) => policy.name));
const book = new ExemptionBook(readExemptions(readFileSync(path.join(home, "exemptions.json"), "utf8"), today, names));
const { version } = JSON.parse(readFileSync(path.join(home, "package.json"), "utf8")) as { version: string };

const all = [...policies, exemptionsPolicy(book)];
servePack({ name: NAME, version, policies: all, book }, () => {
  new PolicyPack(NAME, { policies: all.map((policy) => toPulumi(policy, book)), enforcementLevel: "mandatory" });
});
