#!/usr/bin/env bash
# The gateway with its real parts: LiteLLM from PyPI with the configuration and the hook that this program deploys, on PostgreSQL and Redis,
# moto's server in AWS's place, Cline's own command line. Needs a Debian or Ubuntu whose packages can be installed, Python 3.13 and npm.
# Without arguments everything: `parts`, then `served`, which can run side by side. With names only those of tests/gateway:
# `bash tests/gateway/run.sh limits rotation`; `fargate`, `migration` alone.
# With `--candidate VERSION` before them the same on another LiteLLM, in an environment of its own, and a table of what differs;
# `--candidate VERSION compare` makes the table without a suite. docs/upgrade.md has the order of a move.
set -euo pipefail
cd "$(dirname "$0")/../.."
bash tests/support/packages.sh << 'LIST'
/usr/lib/postgresql/15/bin/initdb postgresql-15
psql postgresql-client
redis-server redis-server
ps procps
ss iproute2
openssl openssl
setpriv util-linux
/usr/sbin/haproxy haproxy
pgrep procps
/usr/bin/python3 python3
LIST
npm run --silent build
reporter=(--reporter spec)
candidate=
if [ "${1:-}" = --candidate ]; then
  candidate="${2:?--candidate VERSION}"
  shift 2
fi
places="$(bash tests/gateway/prisma/install.sh)"
eval "$places"
pinned="$GATEWAY_PYTHON"
if [ -n "$candidate" ]; then
  places="$(bash tests/gateway/prisma/install.sh "$candidate")"
  eval "$places"
  CANDIDATE_RESULTS="$(mktemp -d)"
  export CANDIDATE_RESULTS
  trap 'rm -rf "$CANDIDATE_RESULTS"' EXIT
  reporter=(--reporter tests/gateway/candidate/reporter.cjs)
  # Its database comes from the pinned version's.
  GATEWAY_SCHEMA_FROM="$("$pinned" -c 'from importlib.metadata import version; print(version("litellm-proxy-extras"))')"
  export GATEWAY_SCHEMA_FROM
fi
export NODE_NO_WARNINGS=1

failed=0
part() {
  local name="$1" outcome=passed
  printf '\n-- %s\n' "$name"
  shift
  "$@" || { failed=1 outcome=failed; }
  if [ -n "$candidate" ]; then echo "$outcome: $name" >> "$CANDIDATE_RESULTS/parts"; fi
}

# Files that start what they need themselves.
alone() {
  npx --no-install mocha --no-config --require ./tests/support/stacks-guard.cjs --require tsx/cjs --forbid-only --forbid-pending "${reporter[@]}" --timeout 120000 "$@"
}

migration() { part "the database, migrated with data in it" alone 'tests/gateway/migration/*.test.ts'; }

# The generated task definitions in a root, with users, capabilities and mounts of their own: only root may make those.
fargate() {
  local root=()
  if [ "$(id -u)" -ne 0 ]; then root=(sudo --preserve-env env "PATH=$PATH"); fi
  part "the task definitions as Fargate runs them" "${root[@]}" npx --no-install mocha --no-config --require ./tests/support/stacks-guard.cjs \
    --require tsx/cjs --forbid-only --forbid-pending "${reporter[@]}" --timeout 900000 'tests/gateway/fargate/*.test.ts'
}

gateway() {
  local files=() name
  for name in "$@"; do files+=("tests/gateway/$name.test.ts"); done
  part "the gateway: $*" npx --no-install mocha --config tests/gateway/.mocharc.json "${reporter[@]}" "${files[@]}"
}

# The pinned version under load, then the candidate on the same database, and back.
upgrade() {
  GATEWAY_NEXT_PYTHON="$GATEWAY_PYTHON" GATEWAY_PYTHON="$pinned" part "a move to $candidate and back" npx --no-install mocha \
    --config tests/gateway/.mocharc.json "${reporter[@]}" tests/gateway/upgrade/upgrade.test.ts
}

# What starts no gateway in the usual way, and depends on no clock.
parts() {
  part "the query engine" npx --no-install mocha --config tests/gateway/prisma/.mocharc.json "${reporter[@]}"
  part "the stand-ins" alone 'tests/gateway/stand-ins/*.test.ts'
  part "the collector" alone 'tests/gateway/collector/*.test.ts'
  part "the table of differences" alone 'tests/gateway/candidate/*.test.ts'
  migration
  fargate
}

served() {
  part "the hook's types" "$GATEWAY_PYTHON" -m mypy --strict --no-error-summary \
    --cache-dir "$(dirname "$GATEWAY_PYTHON")/../mypy" components/gateway/hook/cline_gateway
  part "the hook's queue, on Redis" "$GATEWAY_PYTHON" -m pytest -q tests/gateway/hook
  # Each line starts a gateway of its own.
  gateway limits attempts clients messages routes revocation rotation reconcile priority fairness batches
  gateway answers usage words guardrail embeddings cline money thinking local-gateway
  gateway restore
  gateway hook-cost
  gateway failures
}

chosen() {
  case "$*" in
    fargate | migration | parts | served | upgrade) "$1" ;;
    bench) node -r tsx/cjs tests/gateway/bench/main.ts || failed=1 ;;
    "bench options") node -r tsx/cjs tests/gateway/bench/options.ts || failed=1 ;;
    *) gateway "$@" ;;
  esac
}

if [ -n "$candidate" ]; then
  node -r tsx/cjs tests/gateway/candidate/main.ts compare "$candidate" "$pinned"
  if [ "$*" = compare ]; then exit; fi
fi
if [ $# -gt 0 ]; then
  chosen "$@"
else
  if [ -n "$candidate" ]; then upgrade; fi
  parts
  served
fi
if [ -n "$candidate" ]; then node -r tsx/cjs tests/gateway/candidate/main.ts table "$candidate"; fi
exit "$failed"
