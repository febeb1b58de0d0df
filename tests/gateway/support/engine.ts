import path from "node:path";
import { queryEngine } from "../prisma/engine-file";

/** What leads LiteLLM to the suite's query engine: its file, and a `prisma` command that finds nothing to do. */
export function engineEnvironment(): NodeJS.ProcessEnv {
  return {
    PRISMA_QUERY_ENGINE_BINARY: queryEngine(),
    PATH: `${process.env["GATEWAY_PRISMA_BIN"] ?? "/tmp/lab/bin"}${path.delimiter}${process.env["PATH"] ?? ""}`,
  };
}
