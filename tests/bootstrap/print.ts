import { writeFileSync } from "node:fs";
import path from "node:path";
import { planBackend, renderTemplate } from "../../bootstrap";
import { contextOf } from "../../components/context-of";
import { platformSpec } from "../support/specs";

/** Writes templates of several hosts, and the names that the program's policies use, for the real tools. */
const folder = process.argv[2] ?? ".";
const urls = { github: "https://github.com/example/cline", gitlab: "https://gitlab.com/example/cline" };
for (const [host, url] of Object.entries(urls)) {
  const spec = platformSpec({ "cline:platform": { repository: { url } } });
  writeFileSync(path.join(folder, `${host}.yaml`), renderTemplate(spec, [spec], "bootstrap.yaml"));
}
const none = platformSpec();
writeFileSync(path.join(folder, "none.yaml"), renderTemplate(none, [none], "bootstrap.yaml"));
const context = contextOf(none);
const { names, arns } = context;
const roles = [names.deployerRole(), names.auditWorkflowRole(), names.breakGlassRole()].map(arns.role);
writeFileSync(
  path.join(folder, "names.json"),
  JSON.stringify({ ...planBackend(context), roles, region: context.region }),
);
