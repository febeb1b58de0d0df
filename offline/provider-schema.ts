import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

export type Kind = "string" | "number" | "boolean" | "list" | "map" | "object";

/**
 * Properties of one resource type in an installed provider SDK. Paths are Pulumi's property names.
 */
export interface ResourceSchema {
  /** Properties that a program may set. */
  readonly inputs: readonly string[];
  /** Properties that only the provider sets: ARNs, URLs, addresses. */
  readonly computed: readonly string[];
  /**
   * Outputs that always have a value, with their type: a deployment fills them in where the program
   * does not.
   */
  readonly certain: ReadonlyMap<string, Kind>;
  /** Inputs a program may leave out. */
  readonly optional: ReadonlySet<string>;
  /** Outputs that the SDK marks as secret. */
  readonly secret: readonly string[];
}

const cache = new Map<string, ResourceSchema | undefined>();

/**
 * Reads the class and the declarations of the installed SDK of `type` (`aws:sqs/queue:Queue` is
 * `@pulumi/aws/sqs/queue`). Computed outputs are those that the constructor sets to `undefined
 * /*out*\/`; kinds come from the declared types. Undefined for types of no installed SDK.
 */
export function schemaOf(type: string): ResourceSchema | undefined {
  if (!cache.has(type)) cache.set(type, read(type));
  return cache.get(type);
}

function read(type: string): ResourceSchema | undefined {
  const [pkg = "", module = "", className = ""] = type.split(":");
  const [folder = "", file = ""] = module.split("/");
  const home = packageHome(pkg);
  if (home === undefined || file === "") return undefined;
  const base = path.join(home, folder === "index" ? "" : folder, file);
  if (!existsSync(`${base}.js`)) return undefined;
  const source = readFileSync(`${base}.js`, "utf8");
  const declarations = readFileSync(`${base}.d.ts`, "utf8");
  const computed = [...source.matchAll(/resourceInputs\["(\w+)"\] = undefined \/\*out\*\//g)].map((m) => m[1] ?? "");
  const body = section(declarations, `export declare class ${className} `);
  const args = section(declarations, `export interface ${className}Args `);
  const certain = new Map<string, Kind>();
  for (const [, name = "", declared = ""] of body.matchAll(
    /^ {4}readonly (\w+): pulumi\.Output<([^;]*(?:;\s*\}[^;]*)?)>;$/gm,
  ))
    if (!/\| undefined$/.test(declared)) certain.set(name, kindOf(declared));
  const inputs = [...args.matchAll(/^ {4}(\w+)\??: /gm)].map((m) => m[1] ?? "");
  const optional = new Set([...args.matchAll(/^ {4}(\w+)\?: /gm)].map((m) => m[1] ?? ""));
  const secrets = /additionalSecretOutputs: \[([^\]]*)\]/.exec(source)?.[1] ?? "";
  return { inputs, computed, certain, optional, secret: [...secrets.matchAll(/"(\w+)"/g)].map((m) => m[1] ?? "") };
}

function packageHome(pkg: string): string | undefined {
  try {
    return path.dirname(require.resolve(`@pulumi/${pkg}/package.json`));
  } catch {
    return undefined;
  }
}

/** The text from a declaration's head to its closing brace. */
function section(text: string, head: string): string {
  const start = text.indexOf(head);
  if (start < 0) return "";
  const end = text.indexOf("\n}", start);
  return text.slice(start, end < 0 ? undefined : end);
}

function kindOf(declared: string): Kind {
  if (declared.endsWith("[]")) return "list";
  if (declared.startsWith("{")) return "map";
  if (declared === "number" || declared === "boolean") return declared;
  if (declared.startsWith("outputs.")) return "object";
  return "string";
}
