"use strict";
// AWS's command line as a test scripts it. start-session runs the plugin as the real one does: the response in the
// environment, SIGINT ignored. With `real` in the script, AWS's own program runs commands of its services.
const { spawn } = require("node:child_process");
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const folder = process.env.WORLD;
const args = process.argv.slice(2);
const script = JSON.parse(readFileSync(join(folder, "script.json"), "utf8"));
const log = join(folder, "calls.jsonl");
const key = args.slice(0, 2).join(" ");
let before = 0;
try {
  const lines = readFileSync(log, "utf8").split("\n").filter(Boolean);
  before = lines.filter((line) => JSON.parse(line).args.slice(0, 2).join(" ") === key).length;
} catch {
  // The first call.
}
const { AWS_ACCESS_KEY_ID: keyId, AWS_PROFILE: profile } = process.env;
appendFileSync(log, `${JSON.stringify({ args, keyId, profile })}\n`);
const pick = (list) => list[Math.min(before, list.length - 1)];
if (args[0] === "--version") {
  process.stdout.write(script.versions?.aws ?? "aws-cli/2.31.9 Python/3.13.7 Linux/6.1 exe/x86_64\n");
} else if (script.real?.services.includes(args[0])) runReal(script.real);
else if (key === "ssm start-session") {
  const made = pick(script.sessions);
  if (typeof made === "string") startPlugin(made);
  else answer(made);
} else answer(script.answers[key] ? pick(script.answers[key]) : undefined);

function answer(given) {
  if (given === undefined) {
    process.stderr.write(`aws: [ERROR]: no answer for: ${key}\n`);
    process.exitCode = 252;
  } else if ("silence" in given) setTimeout(() => undefined, 120_000);
  else if ("json" in given && args[0] !== "sso") process.stdout.write(JSON.stringify(given.json));
  else if ("text" in given) {
    if (args[1] === "head-bucket") writeFileSync(join(folder, "healthy"), "");
    process.stdout.write(given.text);
  } else if ("error" in given) {
    process.stderr.write(given.error);
    process.exitCode = 254;
  }
}

function runReal({ command, endpoint }) {
  run(command, args, { ...process.env, AWS_ENDPOINT_URL: endpoint, AWS_EC2_METADATA_DISABLED: "true" });
}

// SIGINT is the plugin's own.
function run(program, programArgs, env) {
  process.on("SIGINT", () => undefined);
  const child = spawn(program, programArgs, { stdio: "inherit", env });
  child.on("error", () => {
    process.stderr.write("SessionManagerPlugin is not found.\n");
    process.exitCode = 255;
  });
  child.on("exit", (code) => process.exit(code ?? 255));
}

function startPlugin(behaviour) {
  const at = args.indexOf("--parameters");
  const [name, value] = at < 0 ? [] : args[at + 1].split("=");
  const parameters = { Target: args[3], ...(name && { Parameters: { [name]: [value] } }) };
  const env = {
    ...process.env,
    AWS_SSM_START_SESSION_RESPONSE: '{"TokenValue":"a-token-of-the-test"}',
    BEHAVIOUR: behaviour,
  };
  const response = "AWS_SSM_START_SESSION_RESPONSE";
  run(
    "session-manager-plugin",
    [response, "REGION", "StartSession", "", JSON.stringify(parameters), "https://ssm"],
    env,
  );
}
