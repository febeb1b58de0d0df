#!/usr/bin/env bash
# The gateway with its real parts: LiteLLM from PyPI with the configuration and the hook that this program deploys, on PostgreSQL and Redis,
# moto's server in AWS's place, Cline's own command line. Needs a Debian or Ubuntu whose packages can be installed, Python 3.13 (3.11 at least) and npm.
# Without arguments everything; with names only those of tests/gateway: `bash tests/gateway/run.sh limits rotation`.
set -euo pipefail
cd "$(dirname "$0")/../.."
missing=()
while read -r program package; do command -v "$program" > /dev/null || missing+=("$package"); done << 'LIST'
/usr/lib/postgresql/15/bin/initdb postgresql-15
psql postgresql-client
redis-server redis-server
ps procps
ss iproute2
LIST
if [ "${#missing[@]}" -gt 0 ]; then
  root=()
  if [ "$(id -u)" -ne 0 ]; then root=(sudo); fi
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
npm run --silent build
places="$(bash tests/gateway/prisma/install.sh)"
eval "$places"
export NODE_NO_WARNINGS=1

failed=0
part() {
  printf '\n-- %s\n' "$1"
  shift
  "$@" || failed=1
}

gateway() {
  local files=() name
  for name in "$@"; do files+=("tests/gateway/$name.test.ts"); done
  part "the gateway: $*" npx --no-install mocha --config tests/gateway/.mocharc.json "${files[@]}"
}

if [ $# -gt 0 ]; then
  gateway "$@"
  exit "$failed"
fi
part "the hook's types" "$GATEWAY_PYTHON" -m mypy --strict --no-error-summary components/gateway/hook/cline_gateway
part "the hook's queue, on Redis" "$GATEWAY_PYTHON" -m pytest -q tests/gateway/hook
part "the query engine" npx --no-install mocha --config tests/gateway/prisma/.mocharc.json
part "the stand-ins" npx --no-install mocha --no-config --require ./tests/support/stacks-guard.cjs --require tsx/cjs --forbid-only --forbid-pending --timeout 120000 \
  'tests/gateway/stand-ins/*.test.ts'
part "the collector" npx --no-install mocha --no-config --require tsx/cjs --forbid-only --forbid-pending --timeout 120000 \
  'tests/gateway/collector/*.test.ts'
# Each line starts a gateway of its own.
gateway limits attempts revocation rotation reconcile priority batches
gateway answers usage cline
gateway restore
gateway hook-cost
gateway failures
exit "$failed"
