import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What the stand-in prints: JSON, or AWS's error. */
export type FakeAnswer = { readonly json: unknown } | { readonly error: string; readonly message?: string };

/**
 * Answers by the beginning of the arguments, e.g. `sts get-caller-identity` or `lambda
 * get-account-settings --region ap-northeast-1`; the longest that fits answers.
 */
export type FakeTable = Readonly<Record<string, FakeAnswer>>;

/**
 * A stand-in for AWS's command line: an executable `aws` that answers by a table, writes down each
 * call and refuses what the table lacks as the real one refuses an unknown command.
 */
export class FakeAws {
  private readonly table: string;
  private readonly log: string;

  /** @param folder made where it lacks; goes to the front of PATH */
  constructor(
    readonly folder: string,
    answers: FakeTable,
  ) {
    mkdirSync(folder, { recursive: true });
    [this.table, this.log] = [path.join(folder, "answers.json"), path.join(folder, "calls.jsonl")];
    this.answers = answers;
    const file = path.join(folder, "aws");
    writeFileSync(
      file,
      `#!/usr/bin/env node\nconst [table, log] = ${JSON.stringify([this.table, this.log])};\n${script}`,
    );
    chmodSync(file, 0o755);
  }

  set answers(answers: FakeTable) {
    writeFileSync(this.table, JSON.stringify(answers));
  }

  /** The arguments of every call so far, oldest first. */
  calls(): string[][] {
    if (!existsSync(this.log)) return [];
    const lines = readFileSync(this.log, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as string[]);
  }

  /** PATH with this `aws` before any other. */
  get path(): string {
    return `${this.folder}${path.delimiter}${process.env["PATH"] ?? ""}`;
  }
}

const script = `
const { appendFileSync, readFileSync } = require("node:fs");
const args = process.argv.slice(2);
appendFileSync(log, JSON.stringify(args) + "\\n");
if (args[0] === "--version") {
  process.stdout.write("aws-cli/2.31.9 Python/3.13.7 Linux/6.1 exe/x86_64\\n");
  process.exit(0);
}
const text = args.join(" ");
const answers = JSON.parse(readFileSync(table, "utf8"));
const fits = Object.keys(answers).filter((key) => text === key || text.startsWith(key + " "));
const answer = answers[fits.sort((a, b) => b.length - a.length)[0]];
if (answer === undefined) {
  process.stderr.write("aws: [ERROR]: no answer for: " + text + "\\n");
  process.exit(252);
}
if ("json" in answer) process.stdout.write(JSON.stringify(answer.json, undefined, 4) + "\\n");
else {
  const operation = (args[1] ?? "").replace(/(^|-)(\\w)/g, (_, __, letter) => letter.toUpperCase());
  process.stderr.write("\\nAn error occurred (" + answer.error + ") when calling the " + operation + " operation: " + (answer.message ?? "no") + "\\n");
  process.exitCode = 254;
}
`;
