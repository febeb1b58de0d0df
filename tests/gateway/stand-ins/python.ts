import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { installed } from "../prisma/paths";

/** Runs a script of this folder with the gateway's Python. */
export async function run(script: string, input: unknown): Promise<unknown> {
  const child = spawn(installed("GATEWAY_PYTHON"), [path.join(__dirname, script)], { stdio: ["pipe", "pipe", "pipe"] });
  const [out, errors]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  child.stdin.end(JSON.stringify(input));
  const code = await new Promise((ended) => child.once("close", ended));
  assert.equal(code, 0, Buffer.concat(errors).toString());
  return JSON.parse(Buffer.concat(out).toString());
}
