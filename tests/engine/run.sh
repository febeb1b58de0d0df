#!/usr/bin/env bash
# The real Pulumi engine over a stand-in for AWS: preview, up, refresh, policy analyze and destroy, as people type them.
# Needs no AWS account and no network beyond loopback, except to build the Pulumi CLI once where none is installed (Go).
set -euo pipefail
cd "$(dirname "$0")/../.."
npm run --silent build
exec npx --no-install mocha --config tests/engine/.mocharc.json "$@"
