import path from "node:path";
import { queryEngine } from "./engine-file";
import { installed } from "./paths";

/**
 * What leads LiteLLM, or any program with prisma-client-py, to the suite's query engine instead of a download: the engine, and a PATH on which
 * the installed environment's programs come first, among them a `prisma` that finds nothing to do.
 */
export function engineEnvironment(python = installed("GATEWAY_PYTHON")): {
  readonly PATH: string;
  readonly PRISMA_QUERY_ENGINE_BINARY: string;
  readonly DISABLE_SCHEMA_UPDATE: string;
} {
  return {
    PATH: [path.dirname(python), process.env["PATH"] ?? ""].join(path.delimiter),
    PRISMA_QUERY_ENGINE_BINARY: queryEngine(),
    DISABLE_SCHEMA_UPDATE: "true",
  };
}
