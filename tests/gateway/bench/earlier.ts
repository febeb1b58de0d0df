import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Configuration } from "../../../components/gateway/configuration";
import type { Container } from "../support/gateway";

/** What another commit of this project deploys as a task: its containers, and the files that they start from. */
export interface Build {
  readonly containers: readonly [bootstrap: Container, litellm: Container];
  readonly configuration: Configuration;
}

const root = resolve(__dirname, "../../..");

const script = `
const { contextOf } = require("./components/context-of");
const { planConfiguration } = require("./components/gateway/configuration");
const { serviceContainers } = require("./components/gateway/containers");
const { containerPlan } = require("./components/gateway/gateway-service");
const { configurationPlan } = require("./compose");
const { platformSpec } = require("./tests/support/specs");
const spec = platformSpec({ "cline:platform": JSON.parse(process.argv[2]) });
const configuration = planConfiguration(configurationPlan(spec, spec.gateway));
const secrets = { masterKey: "arn:master-key", salt: "arn:salt", connections: "arn:connections" };
const plan = containerPlan(contextOf(spec), { imageDigest: spec.images.gateway, configuration, secrets });
console.log(JSON.stringify({ containers: serviceContainers(plan), configuration }));
`;

/** The build of a commit, from a copy of it in \`folder\`. @throws Error where git does not know the commit. */
export function buildOf(commit: string, folder: string, platform: unknown): Build {
  const copy = join(folder, commit);
  mkdirSync(copy);
  execFileSync("tar", ["-x", "-C", copy], {
    input: execFileSync("git", ["archive", commit], { cwd: root, maxBuffer: 1 << 28 }),
  });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const file = join(copy, "build.cjs");
  writeFileSync(file, script);
  const text = execFileSync(process.execPath, ["-r", "tsx/cjs", file, JSON.stringify(platform)], {
    cwd: copy,
    maxBuffer: 1 << 28,
    encoding: "utf8",
  });
  return JSON.parse(text) as Build;
}
