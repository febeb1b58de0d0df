import { z } from "zod";
import { stackFile } from "./schema";

/**
 * The stack files' JSON schema (draft 7) as stacks/stack.schema.json holds it: editors complete,
 * explain and check keys from it.
 */
export function stackFileJsonSchema(): string {
  const schema = z.toJSONSchema(stackFile, { target: "draft-7", io: "input" });
  return `${JSON.stringify({ title: "Stack file of Cline Landing Zone", ...schema }, undefined, 2)}\n`;
}
