// Preload of the scripts without a command line of their own, before any other: answers --help at
// once, and the script does not start.
const path = require("node:path");

const texts = {
  "config/write.ts":
    "npm run schema\n\nWrites stacks/stack.schema.json and the tables of docs/stack-files.md from config/schema.\n",
  "components/actions/write.ts": "npm run callers\n\nWrites docs/callers.md from components/actions.\n",
  "tools/costs/write.ts":
    "npm run costs\n\nRenews the tables of docs/costs.md from the example's stack files; takes minutes.\n",
  "bench/main.ts":
    "npm run bench\n\nMeasures previews in turns, as ratios; takes minutes. BENCH_ROUNDS sets the rounds, 5 without it.\n",
  "bench/awsguard.ts":
    "npm run bench:awsguard\n\nJudges the same resources with this pack and with Pulumi's AWSGuard; takes minutes.\n",
  "bench/connect.ts":
    "npm run bench:connect\n\nMeasures connect's own time against the TypeScript loader, in turns, as ratios. BENCH_ROUNDS sets the rounds, 9 without it.\n",
  "bench/pack-server.ts":
    "npm run bench:server\n\nCompares the pack's server with the SDK's, over the same policies; takes minutes.\n",
};

const [, script = "", ...args] = process.argv;
const text = texts[path.relative(path.join(__dirname, ".."), path.resolve(script)).split(path.sep).join("/")];
if (text !== undefined && args.some((arg) => arg === "--help" || arg === "-h")) {
  process.stdout.write(text);
  process.exit(0);
}
