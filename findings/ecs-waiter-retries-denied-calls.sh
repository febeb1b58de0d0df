#!/usr/bin/env bash
# AWS SDK for JavaScript 3.1164.0, @aws-sdk/client-ecs, waitUntilTasksStopped.
# Expected: a denied call ends the wait at once with the AccessDeniedException.
# Seen: the waiter treats every exception as "not yet" and calls again until maxWaitTime; a caller without the permission, or with a wrong
# cluster, learns of it only as a timeout.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @aws-sdk/client-ecs@3.1164.0 > /dev/null
cat > main.js <<'JS'
const { createServer } = require("node:http");
const { ECSClient, waitUntilTasksStopped } = require("@aws-sdk/client-ecs");
let calls = 0;
const server = createServer((request, response) => {
  calls += 1;
  request.resume();
  response.writeHead(400, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify({ __type: "AccessDeniedException", message: "not authorized to perform ecs:DescribeTasks" }));
}).listen(0, "127.0.0.1", async () => {
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  const client = new ECSClient({ region: "us-east-1", endpoint, credentials, maxAttempts: 1 });
  const ended = await waitUntilTasksStopped({ client, maxWaitTime: 4, minDelay: 1, maxDelay: 1 }, { tasks: ["task"] }).then(
    () => "stopped",
    (error) => error.name,
  );
  console.log(`@aws-sdk/client-ecs ${require("@aws-sdk/client-ecs/package.json").version}: ${calls > 1 ? "called again after" : "stopped at"} AccessDenied, ended with ${ended}`);
  client.destroy();
  server.close();
});
JS
seen="$(node main.js 2> /dev/null)"
echo "$seen"
grep -q 'called again after AccessDenied, ended with TimeoutError$' <<< "$seen"
