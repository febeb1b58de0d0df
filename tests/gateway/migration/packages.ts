import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "../../engine/support/cli";
import { runCommand, tail } from "../../engine/support/command";
import { installed } from "../prisma/paths";

/** The folder of litellm-proxy-extras in a version, with its SQL files: in the cache, made once (some 2 MB). */
export async function schemaPackage(version: string): Promise<string> {
  const folder = path.join(cacheFolder(), "gateway", `schema-${version}`);
  const extras = path.join(folder, "litellm_proxy_extras");
  if (existsSync(extras)) return extras;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--target", unfinished];
  const pip = ["-m", "pip", "install", ...options, `litellm-proxy-extras==${version}`];
  const result = await runCommand(installed("GATEWAY_PYTHON"), pip, {
    cwd: unfinished,
    env: process.env,
    deadlineMs: 300_000,
  });
  if (result.code !== 0) throw new Error(`litellm-proxy-extras ${version} is not to be had:\n${tail(result)}`);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another run made it meanwhile.
    rmSync(unfinished, { recursive: true });
    if (!existsSync(extras)) throw error;
  }
  return extras;
}
