import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, realpathSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

const module = path.resolve(__dirname, "../cli");
const TOOL = "github.com/pulumi/pulumi/pkg/v3";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** A cold build takes 4 minutes on two idle cores, and ten times as long on busy ones. */
const BUILD_MS = 60 * 60_000;

/** Where dear things are kept between runs: `CLINE_CACHE`, else `cline-landing-zone` in the user's cache folder. */
export const cacheFolder = (): string =>
  process.env["CLINE_CACHE"] ??
  path.join(process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"), "cline-landing-zone");

/** The first executable of that name on PATH, with links followed. */
export function onPath(name: string): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return realpathSync(file);
    } catch {
      // the next folder
    }
  }
  return undefined;
}

/** The version that cli/go.mod pins, with its `v`. */
export function pinnedVersion(): string {
  const found = new RegExp(`${TOOL} (v\\S+)`).exec(readFileSync(path.join(module, "go.mod"), "utf8"))?.[1];
  if (found === undefined) throw new Error(`tests/engine/cli/go.mod names no version of ${TOOL}`);
  return found;
}

/**
 * The Pulumi CLI: the one on PATH, else the pinned version built from its Go module and kept in the cache folder. Throws where there is
 * neither a CLI nor a Go toolchain: without the real engine this suite proves nothing.
 */
export function findCli(say: (line: string) => void): string {
  const installed = onPath("pulumi");
  if (installed !== undefined) return installed;
  const version = pinnedVersion();
  const kept = path.join(cacheFolder(), `pulumi-${version}`, "pulumi");
  if (existsSync(kept)) return kept;
  const go = onPath("go");
  if (go === undefined)
    throw new Error(
      `no Pulumi CLI: none on PATH, none in ${path.dirname(kept)}, and no Go toolchain to build ${version} with. Install Pulumi or Go 1.25 and run again.`,
    );
  say(`building the Pulumi CLI ${version} (about 4 minutes, once): ${kept}`);
  mkdirSync(path.dirname(kept), { recursive: true });
  // A build that is cut off must not leave half a binary under the name that the next run trusts.
  const unfinished = `${kept}.${process.pid}`;
  const flags = `-s -w -X ${VERSION_VARIABLE}=${version}`;
  execFileSync(go, ["build", "-ldflags", flags, "-o", unfinished, `${TOOL}/cmd/pulumi`], {
    cwd: module,
    stdio: ["ignore", "inherit", "inherit"],
    timeout: BUILD_MS,
    env: { ...process.env, GOFLAGS: "-mod=readonly -buildvcs=false" },
  });
  renameSync(unfinished, kept);
  return kept;
}
