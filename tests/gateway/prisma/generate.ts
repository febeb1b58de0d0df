import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { load } from "./engine/packages";
import { release } from "./engine/release";
import { installed, litellmExtras, sitePackages } from "./paths";

interface SchemaTools {
  get_dmmf(request: string): string;
  get_config(request: string): string;
}

interface Generator {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}

/**
 * Makes the Python client of a schema in the folder `output`, as `prisma generate` would: Prisma's schema reader in WebAssembly gives
 * the model, prisma-client-py's own generator takes it over standard input.
 */
export function generateClient(schemaPath: string, output: string, python = installed("GATEWAY_PYTHON")): void {
  const datamodel = readFileSync(schemaPath, "utf8");
  const tools = load("@prisma/prisma-schema-wasm") as SchemaTools;
  const request = { prismaSchema: datamodel, noColor: true };
  const { config } = JSON.parse(
    tools.get_config(JSON.stringify({ ...request, datasourceOverrides: {}, ignoreEnvVarErrors: true, env: {} })),
  ) as { readonly config: { readonly generators: readonly Generator[]; readonly datasources: readonly object[] } };
  const [generator] = config.generators;
  if (generator === undefined) throw new Error(`${schemaPath} has no generator`);
  const params = {
    datamodel,
    version: release,
    schemaPath,
    generator: { ...generator, output: { value: output, fromEnvVar: null }, binaryTargets: [] },
    otherGenerators: [],
    datasources: config.datasources,
    dmmf: JSON.parse(tools.get_dmmf(JSON.stringify(request))) as unknown,
    binaryPaths: {},
  };
  const run = spawnSync(python, ["-c", "from prisma.generator import Generator; Generator.invoke()"], {
    input: `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "generate", params })}\n`,
    encoding: "utf8",
    // The generator takes settings from the environment; none but these may count.
    env: { PATH: process.env["PATH"], PRISMA_GENERATOR_INVOCATION: "1" },
  });
  if (run.status !== 0 || !/"result": ?null/.test(run.stderr) || /"error"/.test(run.stderr))
    throw new Error(`prisma-client-py's generator failed on ${schemaPath}:\n${run.stderr.slice(-4000)}`);
}

if (require.main === module) {
  const folder = sitePackages();
  generateClient(path.join(litellmExtras(), "schema.prisma"), path.join(folder, "prisma"));
}
