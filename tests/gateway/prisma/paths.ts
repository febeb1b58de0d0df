import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

/** A setting that tests/gateway/prisma/install.sh prints. */
export function installed(name: "GATEWAY_NODE_MODULES" | "GATEWAY_PYTHON" | "GATEWAY_NEXT_PYTHON"): string {
  const value = process.env[name];
  if (value === undefined || value === "")
    throw new Error(`${name} is not set: run tests/gateway/prisma/install.sh and export what it prints.`);
  return value;
}

/** The folder of the packages of a virtual environment's interpreter. */
export function sitePackages(python = installed("GATEWAY_PYTHON")): string {
  const library = path.resolve(path.dirname(python), "../lib");
  for (const name of readdirSync(library)) {
    const folder = path.join(library, name, "site-packages");
    if (existsSync(folder)) return folder;
  }
  throw new Error(`${library} has no site-packages: GATEWAY_PYTHON must be a virtual environment's interpreter.`);
}

/** LiteLLM's schema and migrations. */
export const litellmExtras = (python?: string): string => path.join(sitePackages(python), "litellm_proxy_extras");
