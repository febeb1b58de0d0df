#!/usr/bin/env bash
# The suite's query engine under the real Python client, on a real PostgreSQL: whatever LiteLLM asks of an engine, faults included.
set -euo pipefail
cd "$(dirname "$0")/../../.."
places="$(bash tests/gateway/prisma/install.sh)"
eval "$places"
exec npx --no-install mocha --config tests/gateway/prisma/.mocharc.json "$@"
