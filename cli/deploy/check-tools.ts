import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Problem } from "./problem";
import { notInstalled, type Pulumi } from "./pulumi";

type Version = readonly [number, number, number];

/** The first version in a text, e.g. of `aws-cli/2.31.9 Python/3.13.7`. */
export function versionIn(text: string): Version | undefined {
  const [, major, minor, patch] = /(\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

/** Whether a version is `least` or later. */
export function isAtLeast(version: Version, least: Version): boolean {
  const at = version.findIndex((part, index) => part !== least[index]);
  return at < 0 || (version[at] ?? 0) > (least[at] ?? 0);
}

/**
 * The first version of AWS's command line with `bedrock get-foundation-model-availability`, the newest command of a deployment (AWS CLI
 * version 2, changelog of 2.27.42).
 */
const leastAws: Version = [2, 27, 42];

const manifest = z.object({ engines: z.object({ node: z.string() }), dependencies: z.record(z.string(), z.string()) });

/** Faults of node, pulumi and aws: absent, or too old. */
export async function checkTools(root: string, pulumi: Pulumi): Promise<Problem[]> {
  const { engines, dependencies } = manifest.parse(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")));
  const sdk = versionIn(dependencies["@pulumi/pulumi"] ?? "") ?? [3, 0, 0];
  const [{ code, stdout }, aws] = await Promise.all([pulumi(["version"]), versionOf("aws")]);
  return [
    ...nodeProblems(process.versions.node, engines.node),
    ...toolProblems(
      "pulumi",
      code === notInstalled ? undefined : stdout,
      sdk,
      "install it: https://www.pulumi.com/docs/install/",
    ),
    ...toolProblems(
      "aws",
      aws,
      leastAws,
      "install it: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    ),
  ];
}

/** @param engines a range such as `^20.19 || >=22.12` */
export function nodeProblems(version: string, engines: string): Problem[] {
  const found = versionIn(version);
  const ranges = [...engines.matchAll(/(\^|>=)(\d+)\.(\d+)/g)];
  const fits = ranges.some(([, kind, major, minor]) => {
    const least: Version = [Number(major), Number(minor), 0];
    return found !== undefined && isAtLeast(found, least) && (kind === ">=" || found[0] === least[0]);
  });
  return fits ? [] : [{ where: "node", found: version, needed: engines, next: "install another Node.js" }];
}

/** Faults of one tool. @param printed what its `--version` prints; absent: it is not on PATH */
export function toolProblems(tool: string, printed: string | undefined, least: Version, next: string): Problem[] {
  const needed = `${least.join(".")} or later`;
  if (printed === undefined) return [{ where: tool, found: "no command on PATH", needed, next }];
  const version = versionIn(printed);
  if (version !== undefined && isAtLeast(version, least)) return [];
  return [{ where: tool, found: version?.join(".") ?? "no version", needed, next }];
}

/** Version 2 of AWS's command line takes a second or two to start. */
const versionMs = 30_000;

/** What `TOOL --version` prints; undefined where the tool is not on PATH. */
export const versionOf = (tool: string, env = process.env): Promise<string | undefined> =>
  new Promise((resolve) => {
    execFile(tool, ["--version"], { env, timeout: versionMs }, (error, stdout, stderr) => {
      resolve(error?.code === "ENOENT" ? undefined : `${stdout}${stderr}`);
    });
  });
