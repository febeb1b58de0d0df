#!/usr/bin/env bash
# The real Pulumi engine over a stand-in for AWS: preview, up, refresh, policy analyze and destroy, as people type them.
# Needs no AWS account and no network beyond loopback, except to build the Pulumi CLI once where none is installed (Go).
set -euo pipefail
cd "$(dirname "$0")/../.."
npm run --silent build
# Before the tests: on a busy machine the build takes longer than a test may.
node -r tsx/cjs -e 'require("./tests/engine/support/cli.ts").findCli(console.log)'
exec npx --no-install mocha --config tests/engine/.mocharc.json "$@"
