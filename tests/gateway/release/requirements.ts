import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gatewayRelease, type GatewayRelease } from "../../../config/gateway-release";
import { runCommand, tail } from "../../engine/support/command";

/** What a release says of the packages that run. */
export type Packages = Pick<GatewayRelease, "litellm" | "extras" | "prisma" | "python">;

/** What the suites themselves need beside LiteLLM. */
const tools = ["moto[server]==5.2.5", "mypy==2.4.1", "pytest==9.2.0", "pytest-asyncio==1.5.0"];

/** The packages that are asked for; pip finds all others. */
export const asked = ({ litellm, extras, prisma }: Packages): readonly string[] => [
  `litellm[${extras.join(",")}]==${litellm}`,
  `prisma==${prisma}`,
  ...tools,
];

/** The lines above the frozen packages. {@link asked} and the Python version stand in them to be compared. */
export const header = (packages: Packages): string =>
  [
    "# What the gateway suites run in Python, with the extras of the deployed image, frozen on Linux x86-64.",
    "# Made from config/gateway-release.ts by `npm run requirements`.",
    `# Python ${packages.python}`,
    ...asked(packages).map((each) => `# asked: ${each}`),
    "",
  ].join("\n");

interface Report {
  readonly install: readonly { readonly metadata: { readonly name: string; readonly version: string } }[];
}

/**
 * Every package of a release with its version, as text for pip. Nothing is installed; pip reads the packages' metadata.
 * @param python an interpreter of the release's version
 * @throws Error with pip's words when a package is not served.
 */
export async function resolve(packages: Packages, python: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "cline-requirements-"));
  try {
    const report = path.join(folder, "report.json");
    const options = ["--dry-run", "--ignore-installed", "--only-binary", ":all:", "--report", report];
    const quiet = ["--quiet", "--disable-pip-version-check"];
    const result = await runCommand(python, ["-m", "pip", "install", ...quiet, ...options, ...asked(packages)], {
      cwd: folder,
      env: process.env,
      deadlineMs: 900_000,
    });
    if (result.code !== 0) throw new Error(`LiteLLM ${packages.litellm} is not whole here:\n${missing(tail(result))}`);
    const { install } = JSON.parse(readFileSync(report, "utf8")) as Report;
    const lines = install.map(({ metadata: { name, version } }) => `${name}==${version}`);
    return `${header(packages)}${lines.sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase())).join("\n")}\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** pip's errors without its long lists of versions. */
const missing = (said: string): string =>
  said
    .split("\n")
    .filter((line) => line.startsWith("ERROR"))
    .map((line) => line.replace(/ \(from versions: .*/, ""))
    .join("\n");

// Script: resolve.ts PYTHON FILE [VERSION]. Freezes the release of the record, or the same with another LiteLLM.
if (require.main === module) {
  const [python = "", file = "", litellm = gatewayRelease.litellm] = process.argv.slice(2);
  resolve({ ...gatewayRelease, litellm }, python).then(
    (text) => writeFileSync(file, text),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
