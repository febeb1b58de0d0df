// A stand-in for GitHub's command line: `gh api` over comments in a file, as far as the scripts use it. Every call is kept.
import { readFileSync, writeFileSync } from "node:fs";

const file = process.env.FAKE_GH_STATE;
const state = JSON.parse(readFileSync(file, "utf8"));
const [command, ...args] = process.argv.slice(2);
const flags = { "--method": "GET" };
let endpoint = "";
const fields = {};
for (let at = 0; at < args.length; at++) {
  const arg = args[at];
  if (arg === "--method") flags[arg] = args[++at];
  else if (arg === "-f" || arg === "-F") {
    const [name, value] = args[++at].split(/=(.*)/s);
    fields[name] = arg === "-F" && value.startsWith("@") ? readFileSync(value.slice(1), "utf8") : value;
  } else if (arg.startsWith("-")) flags[arg] = true;
  else endpoint = arg;
}
const method = flags["--method"];
state.calls.push({ command, method, endpoint, fields });
if (command !== "api" || !process.env.GH_TOKEN) fail("gh: not logged in");
const list = /^repos\/example\/cline\/issues\/7\/comments(\?per_page=100)?$/;
const one = /^repos\/example\/cline\/issues\/comments\/(\d+)$/.exec(endpoint);
if (list.test(endpoint) && method === "GET") {
  // Two pages, as --paginate --slurp gives them.
  const half = Math.ceil(state.comments.length / 2);
  process.stdout.write(JSON.stringify([state.comments.slice(0, half), state.comments.slice(half)]));
} else if (list.test(endpoint) && method === "POST")
  state.comments.push({ id: 100 + state.comments.length, user: { login: "github-actions[bot]" }, body: fields.body });
else if (one && method === "PATCH") {
  const comment = state.comments.find(({ id }) => id === Number(one[1]));
  if (!comment) fail("gh: Not Found (HTTP 404)");
  comment.body = fields.body;
} else if (endpoint === "repos/example/cline/code-scanning/sarifs" && method === "POST") state.sarifs.push(fields);
else fail(`gh: Not Found (HTTP 404): ${method} ${endpoint}`);
writeFileSync(file, JSON.stringify(state));

function fail(message) {
  writeFileSync(file, JSON.stringify(state));
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
