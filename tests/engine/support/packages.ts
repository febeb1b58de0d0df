import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** A provider as npm has it: the plugin's name and its version without a `v`. */
export interface ProviderPackage {
  readonly name: string;
  readonly version: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly pulumi?: { readonly resource?: boolean; readonly name?: string; readonly version?: string };
}

/** The Pulumi providers whose SDKs are installed in `modules` (a node_modules folder), nested ones included; sorted, each once. */
export function providerPackages(modules: string): ProviderPackage[] {
  const found = new Map<string, ProviderPackage>();
  const visit = (folder: string): void => {
    const scope = path.join(folder, "@pulumi");
    if (!existsSync(scope)) return;
    for (const entry of readdirSync(scope)) {
      const home = path.join(scope, entry);
      if (!existsSync(path.join(home, "package.json"))) continue;
      const manifest = JSON.parse(readFileSync(path.join(home, "package.json"), "utf8")) as Manifest;
      if (manifest.pulumi?.resource === true) {
        const name = manifest.pulumi.name ?? entry;
        const version = (manifest.pulumi.version ?? manifest.version).replace(/^v/, "");
        found.set(`${name}@${version}`, { name, version });
      }
      visit(path.join(home, "node_modules"));
    }
  };
  visit(modules);
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, provider]) => provider);
}
